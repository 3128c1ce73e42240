"""From a line to a verdict. No Telegram, database, web, network or clock in here.

In reading order: text (a line made harmless), places, wording (dialect, trades), features, linear, neighbours and
semantic (the signals), ranking (one score and how sure it is), emergency, followup and needs (what surrounds a single
question), matcher (all of it together), files (what lies in knowledge/trained), training, evaluation, validation.
"""

from bot.matching.files import UnusableFilesError
from bot.matching.matcher import TrainedMatcher, load

__all__ = ["TrainedMatcher", "UnusableFilesError", "load"]
