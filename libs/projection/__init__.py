"""Read models built from events: inline, streamed, and rebuilt beside."""

from libs.projection.projection import Projection, Row, classes_of

__all__ = ["Projection", "Row", "classes_of"]
