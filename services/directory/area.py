"""Where something is offered: a code that always says of which system it is.

3107 is Vysočina in one system and Milevsko in another, and there are fourteen places called Nová Ves
(rule D01); so an area is `municipality:560367`, `orp:671` or `region:51`, all RÚIAN codes.
"""

from typing import Annotated

from pydantic import Field, StringConstraints

Area = Annotated[str, StringConstraints(pattern=r"^(municipality:[0-9]{6}|orp:[0-9]{1,5}|region:[0-9]{1,3})$")]
OrpCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,5}$")]
"""RÚIAN code of a municipality with extended powers."""
RegionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,3}$")]
"""RÚIAN code of a region."""
Areas = Annotated[tuple[Area, ...], Field(max_length=500)]
"""Empty: without territorial limit."""
