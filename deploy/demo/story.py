"""The story of the domain reference §7, once, as data: who asks for what, when, and what must come of it.

Every id follows from a name (`known`), also those of the commands: a story told again repeats nothing.
Told: chapters 1 (everybody's entry in the directory), 2, 3 (the chat), 4, 5, 8 (the family), 10 to 14.
"""

from deploy.demo.steps import HubAway, HubBack, Step, Told
from deploy.demo.story_conference import CHAPTER_10
from deploy.demo.story_contacts import CHAPTER_2, CHAPTER_3, CHAPTER_4, CHAPTER_5, CHAPTER_8
from deploy.demo.story_directory import CHAPTER_1
from deploy.demo.story_measures import CHAPTER_11, CHAPTER_13
from deploy.demo.story_referrals import CHAPTER_12, CHAPTER_14

STORY: tuple[Told, ...] = (
    *CHAPTER_1,
    *CHAPTER_2,
    *CHAPTER_3,
    *CHAPTER_4,
    *CHAPTER_5,
    *CHAPTER_8,
    *CHAPTER_10,
    *CHAPTER_11,
    *CHAPTER_12,
    *CHAPTER_13,
    *CHAPTER_14,
)

__all__ = ["STORY", "HubAway", "HubBack", "Step", "Told"]
