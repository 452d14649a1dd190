"""What `ingestion` says of a run that failed, of a file that was refused and of a load that cannot begin."""

from django.utils.translation import gettext_noop

from .phrasebook import Phrase

_FILES = (
    gettext_noop("%(file)s is empty."),
    gettext_noop("%(file)s is empty: it has no header."),
    gettext_noop("%(file)s is empty: it has a header but no rows."),
    gettext_noop("%(file)s is empty: it has no <%(element)s> elements."),
    gettext_noop("Export it anew, with its rows, and send it again."),
    gettext_noop("%(file)s has a row, in line %(line)s, that is longer than %(number)s MB."),
    gettext_noop("A quote in it may not be closed, or its lines may not end; mend that and send the file again."),
    gettext_noop("%(file)s holds a zero byte in every other place: it seems to be UTF-16 without a byte order mark."),
    gettext_noop("Save it as %(encoding)s and send it again."),
    gettext_noop("%(file)s is not %(encoding)s: byte %(byte)s at offset %(at)s (line %(line)s) does not belong there."),
    gettext_noop("Save the file in this encoding and send it again."),
    gettext_noop("%(file)s is not whole %(encoding)s: %(problem)s (after %(number)s bytes)."),
    gettext_noop("It may be cut off: send it again, or save it as UTF-8."),
    gettext_noop("%(file)s ends in the middle of a %(encoding)s sign; it seems to be cut off."),
    gettext_noop("Send it again."),
    gettext_noop("%(file)s has no header that can be read: %(problem)s."),
    gettext_noop("Mend its first line and send it again."),
    gettext_noop("%(file)s has the column %(text)s more than once."),
    gettext_noop("Rename one and send it again."),
    gettext_noop("%(file)s is broken XML: %(problem)s in line %(line)s, column %(number)s."),
    gettext_noop("Export it anew, whole, and send it again."),
    gettext_noop("%(file)s is written in an encoding that cannot be read here."),
    gettext_noop("%(file)s has more than %(number)s elements within each other, which no feed's file has."),
    gettext_noop("%(file)s has rows of more than %(number)s different elements, which no feed's file has."),
    gettext_noop("Mend its export and send it again."),
    gettext_noop("%(file)s declares a document type, which this feed does not take (it could hide entities)."),
    gettext_noop("Leave its DOCTYPE out and send it again."),
    gettext_noop("%(file)s is no %(feed)s file: it lacks the columns %(lacking)s (it has %(held)s)."),
    gettext_noop("%(file)s is no %(feed)s file: it lacks the elements %(lacking)s (it has %(held)s)."),
    gettext_noop("Its columns seem not to be set apart by %(text)s."),
    gettext_noop("Mend that and send it again, or send it to the feed that it belongs to."),
    gettext_noop("%(file)s cannot be unpacked; it seems to be damaged or cut off (%(problem)s)."),
    gettext_noop("%(file)s holds another compressed file; compress it once and send it again."),
    gettext_noop("%(file)s unpacks to more than %(number)s MB, which no feed's file does."),
    gettext_noop("If it is right, send it uncompressed."),
    gettext_noop("%(file)s is an empty archive."),
    gettext_noop("Put the file into it and send it again."),
    gettext_noop("%(file)s holds %(number)s XML files; send them one by one."),
    gettext_noop("%(file)s is encrypted; send it without a password."),
    gettext_noop("In %(file)s the columns of %(member)s are not those of the first."),
    gettext_noop("Send each file by itself."),
    gettext_noop("%(file)s is an Office document, such as an Excel workbook."),
    gettext_noop("Save its sheet as CSV in UTF-8, and send that."),
)
# Of a file that somebody chose for a mapping.
_SAMPLES = (
    gettext_noop("The file is empty."),
    gettext_noop("Choose one with a header and rows."),
    gettext_noop("The file is %(what)s, no CSV."),
    gettext_noop("Export its rows as CSV in UTF-8, and send that."),
    gettext_noop("The file is no text, or in an encoding that cannot be told."),
    gettext_noop("The file is no text: it holds zero bytes."),
    gettext_noop("Save it as CSV in UTF-8."),
    gettext_noop("The file cannot be read as CSV: %(problem)s."),
    gettext_noop("Save it as CSV anew."),
    gettext_noop("The file has a header but no rows that fit it."),
    gettext_noop("Choose one whose rows have as many columns."),
    gettext_noop("The file has one column only."),
    gettext_noop("Are its columns set apart by comma, semicolon, tab or bar?"),
    gettext_noop("Column %(number)s has no name."),
    gettext_noop("Give every column a name."),
    gettext_noop("The file has the column %(text)s more than once."),
    gettext_noop("Rename one."),
    gettext_noop("There is a feed of this name already."),
)
_LAKE = (
    gettext_noop("Cannot read %(place)s: %(reason)s."),
    gettext_noop("Cannot write %(place)s: %(reason)s."),
    gettext_noop("Cannot list %(place)s: %(reason)s."),
    gettext_noop("Put it there, or correct the name."),
    gettext_noop("Correct the address, or let an operator run init_lake, which makes it."),
    gettext_noop("Let an operator check the keys (AWS_ACCESS_KEY_ID) and what they may do in the bucket."),
    gettext_noop("Let an operator correct AWS_ACCESS_KEY_ID."),
    gettext_noop("Let an operator correct AWS_SECRET_ACCESS_KEY."),
    gettext_noop("Let an operator renew them."),
    gettext_noop("Let an operator set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."),
    gettext_noop("Look whether the lake answers, and try again."),
    gettext_noop("Let an operator see to it, and try again."),
    gettext_noop("%(place)s is not there, or not whole."),
    gettext_noop("Load its file again."),
    gettext_noop("There is no file %(place)s."),
    gettext_noop("Put it there, or name the file that is meant."),
    gettext_noop("%(place)s is no file that can be read."),
    gettext_noop("Name a file, and give the Spark worker access to it."),
    gettext_noop("%(place)s names no object; give s3://bucket/key."),
    gettext_noop("LAKE_URL is %(text)s; it must be s3://bucket/prefix or file:///folder."),
)
# What may stand for the reason in them; what S3 or the disk says itself stays as it is.
REASONS = (
    gettext_noop("it is not there"),
    gettext_noop("there is no such bucket"),
    gettext_noop("access is denied"),
    gettext_noop("there are no keys"),
    gettext_noop("the access key is not known"),
    gettext_noop("the secret is not that of the access key"),
    gettext_noop("the keys have run out"),
)
_STOPPED = (
    gettext_noop("(%(failing)s of 1 row)"),
    gettext_noop("(%(failing)s of %(rows)s rows)"),
    gettext_noop(
        "Mend the file and send it again, or let an administrator make the rule less severe, and retry the run."
    ),
    gettext_noop("%(rule)s cannot be checked: %(problem)s."),
    gettext_noop("%(rule)s cannot be checked on a single row."),
    gettext_noop("%(rule)s cannot say which rows break it."),
    gettext_noop("Let an administrator mend the rule, and retry the run."),
    gettext_noop("The load broke off in stage %(stage)s (%(problem)s)."),
    gettext_noop("The log of the Spark worker says why; retry the run when the cause is gone."),
    gettext_noop("The process that ran it ended before it was done, %(number)s times."),
    gettext_noop(
        "The log of the Spark worker says why; retry the run when the cause is gone: nothing is lost and nothing comes "
        "twice."
    ),
)
_HELD = (
    gettext_noop(
        "This full file is older than the last one: its newest row is of %(day)s, that of run %(run)s is of %(other)s."
    ),
    gettext_noop("What it leaves out may have come since."),
    gettext_noop(
        "%(missing)s of %(total)s records of %(source)s are not in this full file (%(part)s); at most %(percent)s %% "
        "may go without being confirmed."
    ),
    gettext_noop(
        "%(missing)s of %(total)s records of %(source)s are not in this full file, but it has 1 row whose key cannot "
        "be read: it may be theirs."
    ),
    gettext_noop(
        "%(missing)s of %(total)s records of %(source)s are not in this full file, but it has %(number)s rows whose "
        "key cannot be read: they may be theirs."
    ),
    gettext_noop(
        "If this is right, confirm it on the page of run %(run)s, or load the file with --confirm-withdrawals."
    ),
    gettext_noop("If the file is a delta, load it as one."),
)
_ACTS = (
    gettext_noop("There is no feed %(text)s."),
    gettext_noop("There are %(known)s."),
    gettext_noop("The feed %(feed)s is switched off."),
    gettext_noop("Switch it on in the admin under Feeds."),
    gettext_noop("The feed %(feed)s watches %(place)s: put the file there, and it is loaded within a minute."),
    gettext_noop("The feed %(feed)s has no location."),
    gettext_noop("Name the file, or set the location in the admin under Feeds."),
    gettext_noop("A file of %(feed)s holds events, one after another; load it as changes."),
    gettext_noop("Run %(run)s is over: it has %(state)s."),
    gettext_noop("Run %(run)s is %(state)s; only one that failed or was cancelled can go on."),
    gettext_noop("Run %(run)s does not wait for anybody to confirm it."),
)
# What is said of "the file" goes before what is said of one by its name, which might be called so.
PHRASES: tuple[Phrase, ...] = (*_SAMPLES, *_FILES, *_LAKE, *_STOPPED, *_HELD, *_ACTS)
