"""What comes by mail: letters (.eml, .msg) and archives (.zip), opened within limits. Nothing of Excel or the plan.

`opening` goes through a letter and everything in it, `messages` reads mails, `archives` zips, `words` what is written
in their heads and names. What comes of it is a `letter.OpenedLetter`. All of it runs in a process with limits
(`form.read.child`), but for what only asks whether a file may be a letter.
"""

__all__ = ["archives", "letter", "messages", "opening"]
