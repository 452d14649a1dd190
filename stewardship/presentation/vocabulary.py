"""Words that come from rooms without Django, named here so that the translators' tools find them."""

from django.utils.translation import gettext_noop as _

WORDS = (
    # attributes
    _("Names"), _("Date of birth"), _("Gender"), _("Nationality"), _("Addresses"), _("Identifiers"), _("Phones"),
    _("E-mails"), _("Websites"), _("Country"), _("Legal form"), _("Date of incorporation"), _("Industry"), _("Sector"),
    _("Employees"), _("Ticker"), _("Relations"), _("Status"),
    # identifier schemes
    _("Legal Entity Identifier"), _("D-U-N-S number"), _("Tax id"), _("National id"), _("Passport"),
    _("Registration number"), _("Markit entity id"), _("Markit RED code"),
    # relationship types, both ways, and a state of a relation
    _("Direct parent"), _("Direct subsidiary"), _("Head office"), _("International branch"), _("Umbrella fund"),
    _("Sub-fund"), _("Master fund"), _("Feeder fund"), _("Domestic ultimate"), _("Domestic subsidiary"),
    _("Ultimate parent"), _("Ultimate subsidiary"), _("Global ultimate"), _("Global subsidiary"), _("Fund manager"),
    _("Managed fund"), _("Successor"), _("Predecessor"), _("Owner"), _("Holding"), _("Employer"), _("Employee"),
    _("Same household"), _("Household"), _("Spouse"), _("ended"),
    # why a source names no parent
    _("The parent has no LEI."), _("Natural persons control it, and no legal entity above consolidates it."),
    _("The parent need not draw up consolidated accounts."),
    _("Nobody is known to control it, for instance because its shares are widely spread."),
    _("The relationship is not public, and something stands against publishing it."),
    _("A contract or law forbids to publish the parent."), _("The law stands against naming or publishing the parent."),
    _("The parent has not agreed to be named."), _("Naming the parent would harm it or the entity."),
    _("It cannot be ruled out that naming the parent would do harm."),
    # what becomes of a pin
    _("keep"), _("renew"), _("drop"),
    # party types
    _("Individual"), _("Organisation"), _("Legal entity"),
    # what matching compares
    _("Given name"), _("Middle name"), _("Family name"), _("Order of names"), _("Generation (Jr, Sr)"), _("LEI"),
    _("DUNS"), _("E-mail"), _("Phone"), _("Website"), _("Address"), _("Postcode"), _("City"), _("Region"),
    _("Words in common"), _("Words not in common"),
    # how alike it finds them
    _("missing"), _("same"), _("usual short form"), _("initial"), _("close"), _("sounds or looks alike"),
    _("shares a part"), _("different"), _("swapped"), _("one only"), _("same, a New Year's Day"),
    _("day and month swapped"), _("one digit off"), _("same year, day unknown"), _("two digits off"),
    _("two parts same"), _("same year"), _("one character off"), _("two characters off"), _("same mailbox"),
    _("same domain"), _("same ending"), _("same house, other unit"), _("same street, a house number missing"),
    _("same street, other house"), _("only the house number"), _("same area"), _("one in the other"), _("short for"),
    _("same but for spaces and order"), _("nearly the same"), _("similar"), _("somewhat alike"), _("all"),
    _("all of the shorter name"), _("most"), _("half"), _("few"), _("a usual word in one"), _("a rare word in one"),
    _("likely a typo"), _("usual words in both"), _("rare words in both"), _("different numbers"),
    # what brings two records together
    _("mailbox"), _("date of birth and family name"), _("date of birth and given name"), _("date of birth"),
    _("day of birth and names"), _("names"), _("family name and postcode"), _("given name and postcode"),
    _("family name and city"), _("family name and year"), _("given name and year"), _("address"),
    _("postcode and house"), _("postcode and year"), _("family name and initial"), _("domain"), _("name"),
    _("first two words"), _("rarest two words"), _("rarest word"), _("first letters"), _("rarest word and postcode"),
    _("rarest word and city"), _("first word and postcode"), _("first word and city"), _("acronym and postcode"),
    _("postcode and street"),
    # types of names and addresses, genders, and how a party stands
    _("alias"), _("former"), _("trade"), _("trading"), _("birth"), _("transliterated"), _("residential"),
    _("headquarters"), _("legal"), _("registered"), _("mailing"), _("business"), _("female"), _("male"), _("active"),
    _("inactive"),
    # reasons that a new hub knows
    _("Same identifier"), _("Name and details agree"), _("Changed name"), _("Moved"),
    _("Confirmed by the customer or the source"), _("Different identifiers"), _("Relatives or namesakes"),
    _("Companies of one group"), _("Predecessor or successor"), _("Only address or contact shared"),
    _("Too little is known"), _("The sources contradict each other"),
    # party statuses and roles
    _("Active"), _("Withdrawn"), _("Retired"), _("Erased"), _("viewer"), _("steward"), _("lead"), _("administrator"),
    _("service"),
    # verdicts, and how far something is
    _("Match"), _("No match"), _("Unsure"), _("Queued"), _("Running"), _("Succeeded"), _("Failed"), _("Cancelled"),
    _("Done"), _("All records"), _("Waiting records"), _("A few records"), _("Waits for a worker"),
    # loads and quarantine
    _("Full"), _("Delta"), _("Land the file in the raw zone and examine it"), _("Read, clean and map its rows"),
    _("Check the rules"), _("Write the curated zone"), _("Register the source records"), _("Open"), _("Replayed"),
    _("Sent anew"), _("Dismissed"), _("Note it"), _("Quarantine the row"), _("Stop the run"),
    _("Completeness"), _("Validity"), _("Uniqueness"), _("Consistency"), _("Timeliness"), _("Volume"),
    # what a column of a file becomes
    _("Record"), _("Name"), _("Contact"), _("Identifier"), _("Attribute"), _("Key of the record"), _("Party type"),
    _("In effect since"), _("Deletion mark"), _("Trade name"), _("Former name"), _("Street"), _("Telephone"),
    # survivorship: strategies, what they mean, what a rule is made of
    _("Source trust"), _("Most recent"), _("Most frequent"), _("Most complete"), _("Longest"), _("Oldest"),
    _("Highest quality"), _("Minimum"), _("Maximum"), _("The source with the highest trust wins."),
    _("What was said last wins."), _("What most records say wins."), _("The value with most parts filled wins."),
    _("The longest value wins."), _("What was said first wins."),
    _("A value that passed its check wins over one that has none, and that over one that failed."),
    _("The smallest number or the earliest date wins."), _("The greatest number or the latest date wins."),
    _("Pin"), _("Forbidden"), _("Strategy"), _("Then"), _("Excluded sources"), _("Verified only"), _("First only"),
    _("Half life"), _("Doubt"), _("Follows"), _("Strategies that settle ties, in order."),
    _("Codes of sources that are never heard on this attribute."), _("Hear only values that passed their check."),
    _("Keep the best value alone, where several are possible."),
    _("Days in which what a source said loses half of its trust; empty: never."),
    _("Per cent of trust that a value loses which fails its check."),
    _("Prefer the record that won this attribute, so that values which belong together come together."),
    # what somebody did
    _("Merge parties"), _("Split party"), _("Move records"), _("Match partly"), _("Decide match"),
    _("Decide no match"), _("Decide unsure"), _("Pin value"), _("Unpin value"), _("Renew pin"), _("Forbid value"),
    _("Allow value"), _("Undo"), _("Expire"), _("Retire party"), _("Restore party"), _("Create party"), _("Resolve"),
    _("Change rule"), _("Load feed"), _("Confirm run"), _("Upload"), _("Start"), _("Cancel"), _("Train"),
    _("Activate"),
    _("Note news"), _("Take back"), _("Settle"), _("Label"), _("Store"), _("Issue token"), _("Revoke token"),
    _("Download rows"), _("Replay dead letters"), _("Save approval level"), _("Save mapping"), _("Set severity"),
    _("Assign tasks"), _("Put aside"), _("Reference created"), _("Reference updated"), _("Reference deleted"),
    _("Propose merge"), _("Propose split"), _("Propose move"), _("Propose retire"), _("Propose rules"),
    _("Propose pin"), _("Approve merge"), _("Approve split"), _("Approve move"), _("Approve retire"),
    _("Approve rules"), _("Approve pin"), _("Reject merge"), _("Reject split"), _("Reject move"), _("Reject retire"),
    _("Reject rules"), _("Reject pin"), _("Withdraw merge"), _("Withdraw split"), _("Withdraw move"),
    _("Withdraw retire"), _("Withdraw rules"), _("Withdraw pin"),
    _("Fix row"), _("Replay rows"), _("Dismiss rows"),
    # and to what
    _("Act"), _("Api token"), _("Approval level"), _("Facts"), _("Feed"), _("Feed run"), _("Label round"),
    _("Match model"), _("Rule"), _("Task"), _("Topic"), _("Training run"), _("Countries"), _("Legal-forms"),
    _("Identifier-schemes"), _("Sources"), _("Rules"), _("Attribute-trust"), _("Relationship-types"), _("Currencies"),
    _("Languages"), _("Industries"),
)  # fmt: skip
