"""Workbooks that Excel encrypted by itself, under a password that it tries on every file before it asks for one.

It does so where only changes are to be kept away: the workbook's structure is protected, or it is write-protected
([MS-XLS] 2.2.10 names the password). Whoever sent such a file has set no password to open it.

Only for a process with limits of memory and time (`reader.child`): what a file asks for is not known beforehand.
"""

import io

from xlplan.model.codes import SafetyCode
from xlplan.spreadsheet.container import ZIP_MAGIC
from xlplan.spreadsheet.safety.inspection import OLE_MAGIC
from xlplan.spreadsheet.safety.limits import refuse

DEFAULT_PASSWORD = "VelvetSweatshop"
MOST_SPINS = 1_000_000
"""Rounds of hashing that a file may ask for, a second's work. Excel writes 100,000, [MS-OFFCRYPTO] 2.3.4.10 allows ten
million."""


def unlocked(data: bytes) -> bytes | None:
    """The workbook inside an encrypted one: not looked at yet, and no longer than `data`.

    None where `data` is not encrypted, or in no way that is known. Raises RefusedError (`safety_password`,
    `safety_damaged`) where the password is another one, or what is inside cannot be had.
    """
    if not data.startswith(OLE_MAGIC):
        return None
    # few files need it, and it takes longer to load than a return to read
    from msoffcrypto import OfficeFile
    from msoffcrypto.exceptions import InvalidKeyError
    from msoffcrypto.format.xls97 import Xls97File

    inside = io.BytesIO()
    # Every kind of exception comes out of it for bytes that were made to harm. Want of memory ends the process, which
    # is told as that.
    try:
        book = OfficeFile(io.BytesIO(data))
        if not book.is_encrypted():
            return None
    except OSError:
        refuse(SafetyCode.DAMAGED)
    except MemoryError:
        raise
    except Exception:
        return None
    old = isinstance(book, Xls97File)
    if not old and book.info.get("spinValue", 0) > MOST_SPINS:
        refuse(SafetyCode.PASSWORD)
    try:
        # An .xlsx is not asked whether the password is right: of those with SHA-1 the library would deny it.
        book.load_key(password=DEFAULT_PASSWORD)
    except MemoryError:
        raise
    except Exception:
        refuse(SafetyCode.PASSWORD)
    if old and book.type == "xor":  # two bytes say whether the password is right: too few
        refuse(SafetyCode.PASSWORD)
    try:
        book.decrypt(inside)
    except InvalidKeyError:  # not a whole zip; but where one begins, the password was right
        if not inside.getvalue().startswith(ZIP_MAGIC):
            refuse(SafetyCode.PASSWORD)
    except MemoryError:
        raise
    except Exception:
        refuse(SafetyCode.DAMAGED)
    return inside.getvalue()
