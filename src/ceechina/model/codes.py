"""The code lists: every code with a label, a definition and its match in an outside vocabulary.

Content. A code enters when a record needs it; `reserved` marks one kept for symmetry or history.
Outside vocabularies: IATI (ActivityStatus, ActivityDateType, OrganisationRole, TransactionType,
FinanceType, OrganisationType), DAC sectors, NACE Rev. 2.1, UCUM, ISO 4217, OCDS, AidData, COW and COLT, the glossary of
the UN Treaty Collection, schema.org and the ranks of Wikidata.
"""

from __future__ import annotations

from ceechina.model.columns import Code, CodeList, Match


def _close(scheme: str, notation: str) -> Match:
    return Match("close", scheme, notation)


def _exact(scheme: str, notation: str) -> Match:
    return Match("exact", scheme, notation)


def _broad(scheme: str, notation: str) -> Match:
    return Match("broad", scheme, notation)


PROJECT_KIND = CodeList(
    "project_kind",
    "What is being done in a project.",
    (
        Code(
            "acquisition",
            "Acquisition",
            "A buyer takes over an existing company, plant or a stake in one.",
            _close("IATI FinanceType", "511"),
        ),
        Code(
            "greenfield",
            "New plant",
            "An investor builds a new factory or other place of production of its own.",
            _broad("IATI FinanceType", "710"),
        ),
        Code(
            "construction",
            "Construction",
            "Works are built or modernised for an owner, with or without foreign finance.",
            _broad("IATI FinanceType", "421"),
        ),
        Code(
            "supply",
            "Supply",
            "Civil goods, equipment or systems are sold or installed.",
            _broad("OCDS procurementCategory", "goods"),
        ),
        Code(
            "arms-supply",
            "Arms supply",
            "Weapons or military equipment are ordered or bought.",
            _broad("OCDS procurementCategory", "goods"),
        ),
        Code(
            "donation",
            "Donation",
            "Goods, works or money are given without payment.",
            _close("IATI FinanceType", "110"),
        ),
        Code(
            "establishment",
            "Establishment",
            "An institute, school, office, centre or mission is opened and kept up.",
            _broad("IATI FinanceType", "710"),
        ),
        Code(
            "training", "Training", "People are taught, trained or given scholarships.", _close("IATI AidType", "E01")
        ),
        Code(
            "finance-facility",
            "Finance facility",
            "A fund or credit line is set up that no single project exhausts.",
            _broad("IATI FinanceType", "400"),
        ),
        Code(
            "security-cooperation",
            "Security cooperation",
            "Police or military forces act together: patrols, exercises, a joint case.",
            _broad("DAC sector", "15210"),
        ),
        Code(
            "technical-cooperation",
            "Technical cooperation",
            "Partners work together on a service, a system or knowledge without a sale being stated.",
            _close("IATI AidType", "D02"),
        ),
    ),
)

SECTOR = CodeList(
    "sector",
    "The field of activity, by what the thing is for.",
    (
        Code("agriculture", "Agriculture", "Farming, food and veterinary matters.", _exact("NACE 2.1", "A")),
        Code(
            "mining",
            "Mining",
            "Taking ores and minerals out of the ground, with the smelters of a mine.",
            _exact("NACE 2.1", "B"),
        ),
        Code("basic-metals", "Basic metals", "Iron, steel and other metals made.", _exact("NACE 2.1", "C24")),
        Code("rubber", "Rubber", "Tyres and other goods of rubber.", _broad("NACE 2.1", "C22")),
        Code("batteries", "Batteries", "Accumulators and their parts.", _close("NACE 2.1", "C27.2")),
        Code("motor-vehicles", "Motor vehicles", "Cars and their parts.", _exact("NACE 2.1", "C29")),
        Code("pharmaceuticals", "Pharmaceuticals", "Medicines and vaccines made.", _exact("NACE 2.1", "C21")),
        Code("coal-power", "Coal power", "Electricity from coal.", _exact("DAC sector", "23320")),
        Code("solar-power", "Solar power", "Electricity from the sun.", _exact("DAC sector", "23230")),
        Code("rail", "Rail", "Railways and trains.", _exact("DAC sector", "21030")),
        Code("road", "Road", "Roads, motorways and road bridges.", _exact("DAC sector", "21020")),
        Code(
            "telecommunications",
            "Telecommunications",
            "Networks, broadband, data centres.",
            _exact("DAC sector", "22020"),
        ),
        Code(
            "digital",
            "Digital services",
            "Software, smart cities, e-government, research and training in them.",
            _close("DAC sector", "22040"),
        ),
        Code(
            "public-security",
            "Public security",
            "Police, surveillance of public space, emergency services.",
            _close("DAC sector", "15210"),
        ),
        Code("defence", "Defence", "Armed forces and their equipment.", _exact("NACE 2.1", "O84.22")),
        Code("health", "Health", "Care, medical goods, vaccinations.", _exact("DAC sector", "120")),
        Code(
            "education",
            "Education",
            "Schools, universities, scholarships, language teaching.",
            _exact("DAC sector", "110"),
        ),
        Code("research", "Research", "Research bodies and think tanks.", _close("NACE 2.1", "M72")),
        Code("culture", "Culture", "Arts and cultural centres.", _exact("DAC sector", "16061")),
        Code("media", "Media", "Press, broadcasting and films.", _close("DAC sector", "22030")),
        Code("sport", "Sport", "Stadiums, pools and sport itself.", _close("NACE 2.1", "R93.1")),
        Code("tourism", "Tourism", "Travel and its promotion.", _exact("DAC sector", "33210")),
        Code("housing", "Housing", "Dwellings.", _exact("DAC sector", "16040")),
        Code("industrial-parks", "Industrial parks", "Estates prepared for many firms.", _broad("DAC sector", "32120")),
        Code("finance", "Finance", "Banks, funds, currencies.", _exact("DAC sector", "240")),
        Code("trade", "Trade", "Exchange of goods and its rules.", _exact("DAC sector", "330")),
        Code(
            "government",
            "Government",
            "Diplomacy, administration and relations between states as a whole.",
            _close("DAC sector", "150"),
        ),
        Code(
            "multisector",
            "Several sectors",
            "Infrastructure or cooperation in more fields than one.",
            _exact("DAC sector", "430"),
        ),
    ),
)

PROJECT_STATUS = CodeList(
    "project_status",
    "How far a project had come when its source was published.",
    (
        Code("proposed", "Proposed", "Talked of or planned; nobody is bound.", _exact("IATI ActivityStatus", "1")),
        Code(
            "agreed",
            "Agreed",
            "Signed, ordered or decided; work or delivery not said to have begun.",
            _close("AidData status", "Pipeline: Commitment"),
        ),
        Code(
            "in-progress", "In progress", "Being built, delivered or carried out.", _exact("IATI ActivityStatus", "2")
        ),
        Code(
            "completed", "Completed", "Built, delivered, bought or otherwise done.", _close("IATI ActivityStatus", "3")
        ),
        Code(
            "operating",
            "Operating",
            "Finished and in use, or an institution at work.",
            _close("IATI ActivityStatus", "4"),
        ),
        Code("suspended", "Suspended", "Halted, with no word that it is given up.", _exact("IATI ActivityStatus", "6")),
        Code("cancelled", "Cancelled", "Given up, blocked or refused.", _exact("IATI ActivityStatus", "5")),
    ),
    ordered=True,
)

EVENT_KIND = CodeList(
    "event_kind",
    "What happened to a project or an agreement at a date.",
    (
        Code(
            "proposed",
            "Proposed",
            "Offered, discussed or planned without announcement by those who decide.",
            _broad("IATI ActivityStatus", "1"),
        ),
        Code("announced", "Announced", "Made public by those who mean to do it.", _close("IATI ActivityDateType", "1")),
        Code("negotiated", "Negotiated", "Terms talked over by the parties.", _broad("IATI ActivityStatus", "1")),
        Code(
            "agreed",
            "Agreed",
            "Settled between the parties; signature not stated.",
            _broad("AidData status", "Pipeline: Commitment"),
        ),
        Code("signed", "Signed", "An agreement or contract signed.", _close("OCDS tag", "contract")),
        Code("ordered", "Ordered", "Goods ordered.", _broad("OCDS tag", "contract")),
        Code("approved", "Approved", "Permitted by an authority.", _broad("AidData status", "Pipeline: Commitment")),
        Code("started", "Started", "Works, deliveries or activities begun.", _exact("IATI ActivityDateType", "2")),
        Code("acquired", "Acquired", "Ownership or control taken over.", _close("IATI TransactionType", "8")),
        Code("delivered", "Delivered", "Goods handed over or arrived.", _broad("OCDS tag", "implementation")),
        Code("completed", "Completed", "Finished.", _exact("IATI ActivityDateType", "4")),
        Code("opened", "Opened", "Opened or put into use.", _close("IATI ActivityDateType", "4")),
        Code("observed", "Observed", "Seen in place or in use; when it came there is not stated."),
        Code("revealed", "Revealed", "Made known by others than those who run it, or only afterwards."),
        Code(
            "elevated",
            "Elevated",
            "A partnership raised to a higher level.",
            _broad("OCDS relatedProcess", "replacementProcess"),
        ),
        Code("renewed", "Renewed", "Prolonged for a further term.", _close("OCDS tag", "contractAmendment")),
        Code("suspended", "Suspended", "Halted.", _close("IATI ActivityStatus", "6")),
        Code("cancelled", "Cancelled", "Given up or blocked.", _close("IATI ActivityStatus", "5")),
    ),
)

PROJECT_ROLE = CodeList(
    "project_role",
    "What an actor does in a project.",
    (
        Code("acquirer", "Acquirer", "Buys or takes control of a company or plant.", _close("OCDS partyRole", "buyer")),
        Code("target", "Target", "The company or plant taken over or invested in."),
        Code("former-owner", "Former owner", "Owned the thing before the present owner."),
        Code(
            "investor",
            "Investor",
            "Puts its own money into a plant or fund.",
            _close("OCDS partyRole", "equityInvestor"),
        ),
        Code(
            "owner",
            "Owner",
            "Owns the works or system, or is the client they are made for.",
            _close("IATI OrganisationRole", "2"),
        ),
        Code("contractor", "Contractor", "Builds or installs.", _close("IATI OrganisationRole", "4")),
        Code("lender", "Lender", "Lends money.", _exact("OCDS partyRole", "lender")),
        Code("supplier", "Supplier", "Sells or delivers goods or systems.", _exact("OCDS partyRole", "supplier")),
        Code(
            "manufacturer", "Manufacturer", "Makes the goods that are supplied.", _broad("OCDS partyRole", "supplier")
        ),
        Code("buyer", "Buyer", "Orders or buys goods or systems.", _exact("OCDS partyRole", "buyer")),
        Code("donor", "Donor", "Gives without payment.", _close("IATI OrganisationRole", "1")),
        Code(
            "recipient",
            "Recipient",
            "Receives what is given, trained or opened for it.",
            _close("OCDS partyRole", "payee"),
        ),
        Code("operator", "Operator", "Runs the institution, service or plant.", _broad("IATI OrganisationRole", "4")),
        Code(
            "partner",
            "Partner",
            "Takes part on equal footing or in a way the source leaves open.",
            _close("IATI RelatedActivityType", "4"),
        ),
    ),
)

AMOUNT_KIND = CodeList(
    "amount_kind",
    "What a sum of money is: a promise, a price, a debt, a gift. Ordered by how firmly money is bound: "
    "the first of a project's amounts in this order is its headline.",
    (
        Code(
            "equity-price", "Purchase price", "Price of a company, plant or stake.", _exact("IATI TransactionType", "8")
        ),
        Code("loan", "Loan", "Principal of a loan for the project.", _close("IATI TransactionType", "2")),
        Code("donation", "Donation", "Worth of what is given.", _close("IATI FinanceType", "110")),
        Code(
            "budget", "Budget", "Cost of the works as planned, contracted or revised.", _broad("IATI BudgetType", "1")
        ),
        Code(
            "investment",
            "Investment",
            "Money put in, the source leaving open how much of it is spent.",
            _broad("IATI TransactionType", "2"),
        ),
        Code(
            "capex-plan",
            "Planned investment",
            "Money an investor says or is said to intend to put in.",
            _close("IATI TransactionType", "12"),
        ),
        Code(
            "fund-capital",
            "Fund capital",
            "Capital of an investment fund, promised or paid in.",
            _broad("IATI FinanceType", "510"),
        ),
        Code("credit-line", "Credit line", "Ceiling of a facility for loans.", _broad("IATI FinanceType", "400")),
    ),
    ordered=True,
)

QUALIFIER = CodeList(
    "qualifier",
    "How the source qualifies a number.",
    (
        Code("exact", "As printed", "The plain figure, with no word that it is round."),
        Code("about", "About", "The source says about, nearly, some or estimated."),
        Code("at-least", "At least", "The source gives a floor."),
        Code("at-most", "At most", "The source gives a ceiling.", reserved=True),
        Code("between", "Between", "The source gives both ends: `value` and `value_max`.", reserved=True),
    ),
)

CURRENCY = CodeList(
    "currency",
    "Currency a sum is printed in.",
    (
        Code("EUR", "Euro", "The euro.", _exact("ISO 4217", "978")),
        Code("USD", "US dollar", "The dollar of the United States.", _exact("ISO 4217", "840")),
    ),
)

QUANTITY_KIND = CodeList(
    "quantity_kind",
    "What a number of things measures: how large, or how much was promised or done.",
    (
        Code("length", "Length", "Length of a line or a section of it."),
        Code("capacity", "Capacity", "Power or other capacity of a plant."),
        Code("share", "Ownership share", "Part of the equity held by the Chinese side."),
        Code("ordered", "Ordered", "Number ordered or agreed to be supplied."),
        Code("delivered", "Delivered", "Number handed over or arrived."),
        Code("installed", "Installed", "Number put up by the supplier."),
        Code("present", "Present", "Number found in place, whoever put them there."),
        Code("target", "Target", "Number of people a programme means to reach."),
    ),
)

UNIT = CodeList(
    "unit",
    "Unit of a quantity.",
    (
        Code("km", "Kilometre", "A thousand metres.", _exact("UCUM", "km")),
        Code("MW", "Megawatt", "A million watts.", _exact("UCUM", "MW")),
        Code("percent", "Percent", "Hundredths of the whole.", _exact("UCUM", "%")),
        Code("person", "Person", "People.", _close("UCUM", "{person}")),
        Code("dose", "Dose", "Doses of a vaccine.", _close("UCUM", "{dose}")),
        Code("camera", "Camera", "Surveillance cameras."),
        Code("location", "Location", "Places equipped."),
        Code("aircraft", "Aircraft", "Manned or unmanned aircraft."),
        Code("institute", "Institute", "Confucius Institutes and other bodies counted together."),
    ),
)

AGREEMENT_KIND = CodeList(
    "agreement_kind",
    "What sort of understanding an agreement is.",
    (
        Code(
            "partnership",
            "Partnership",
            "Statement or declaration that names the level of relations between states.",
            _broad("UN Treaty Collection glossary", "Declaration"),
        ),
        Code(
            "cooperation",
            "Cooperation agreement",
            "Framework for working together in a field.",
            _broad("UN Treaty Collection glossary", "Agreement"),
        ),
        Code(
            "memorandum",
            "Memorandum",
            "Memorandum of understanding or an accession to an initiative.",
            _broad("UN Treaty Collection glossary", "Memorandum of Understanding"),
        ),
        Code(
            "free-trade", "Free trade agreement", "Agreement to lower barriers to trade.", _close("WTO RTA type", "FTA")
        ),
        Code(
            "visa-waiver",
            "Visa waiver",
            "Agreement that ends visas.",
            _broad("UN Treaty Collection glossary", "Agreement"),
        ),
        Code("currency-swap", "Currency swap", "Line between central banks.", _broad("NACE 2.1", "K64.11")),
        Code(
            "finance", "Finance agreement", "Agreement to lend.", _broad("UN Treaty Collection glossary", "Agreement")
        ),
        Code(
            "commercial",
            "Commercial agreement",
            "Contract with a company for goods, works or services.",
            _close("OCDS tag", "contract"),
        ),
    ),
)

AGREEMENT_STATUS = CodeList(
    "agreement_status",
    "Where an agreement stood when its source was published.",
    (
        Code("proposed", "Proposed", "Offered or discussed."),
        Code("announced", "Announced", "Made public; signature not stated."),
        Code("agreed", "Agreed", "Reached; signature not stated."),
        Code(
            "signed",
            "Signed",
            "Signed; nothing said of its being in force.",
            _close("UN Treaty Collection glossary", "Definitive Signature"),
        ),
        Code(
            "in-force",
            "In force",
            "Applied, or said to exist as a standing arrangement.",
            _close("UN Treaty Collection glossary", "Entry into Force"),
        ),
        Code("ended", "Ended", "Expired, terminated or replaced.", reserved=True),
    ),
    ordered=True,
)

AGREEMENT_ROLE = CodeList(
    "agreement_role",
    "What an actor is to an agreement.",
    (
        Code("party", "Party", "Bound by it, or to be bound.", _close("OCDS partyRole", "interestedParty")),
        Code(
            "signatory",
            "Signatory",
            "The person or office that signed for a party.",
        ),
        Code("proposer", "Proposer", "Offers it to the other side."),
    ),
)

MEETING_KIND = CodeList(
    "meeting_kind",
    "What sort of meeting it is.",
    (
        Code("visit", "Visit", "A visitor of rank comes to a country.", _broad("COLT visit", "leader travel")),
        Code(
            "talks",
            "Talks",
            "Two sides meet, at home or on the margins of something else.",
            _broad("schema.org", "Event"),
        ),
        Code("summit", "Summit", "Leaders of a format or of several countries meet.", _broad("schema.org", "Event")),
        Code("conference", "Conference", "A forum or conference on a subject.", _broad("schema.org", "BusinessEvent")),
        Code("ceremony", "Ceremony", "An opening, a welcome or an inspection of works.", _broad("schema.org", "Event")),
    ),
)

MEETING_MODE = CodeList(
    "meeting_mode",
    "How those who met were brought together.",
    (
        Code("in-person", "In person", "In one place.", _exact("schema.org", "OfflineEventAttendanceMode")),
        Code("virtual", "Virtual", "By video.", _exact("schema.org", "OnlineEventAttendanceMode")),
    ),
)

MEETING_OUTCOME = CodeList(
    "meeting_outcome",
    "Whether the meeting came about.",
    (
        Code("held", "Held", "It took place.", _close("schema.org", "EventScheduled")),
        Code("planned", "Planned", "The source expects it.", _exact("schema.org", "EventScheduled"), reserved=True),
        Code("postponed", "Postponed", "Put off.", _exact("schema.org", "EventPostponed"), reserved=True),
        Code("cancelled", "Cancelled", "Called off.", _exact("schema.org", "EventCancelled"), reserved=True),
    ),
)

MEETING_ROLE = CodeList(
    "meeting_role",
    "What an actor is at a meeting.",
    (
        Code("host", "Host", "Receives the others or convenes the meeting.", _close("schema.org", "organizer")),
        Code("guest", "Guest", "Is received, or visits.", _broad("schema.org", "attendee")),
        Code("chair", "Chair", "Leads the meeting.", reserved=True),
        Code("participant", "Participant", "Takes part.", _exact("schema.org", "attendee")),
        Code("absent", "Absent", "Stayed away, or sent someone of lower rank than invited."),
    ),
)

LEVEL = CodeList(
    "level",
    "Rank of a person at a meeting, highest first.",
    (
        Code(
            "head-of-state",
            "Head of state",
            "President, king or party leader who holds that office.",
            _exact("COLT LeaderRole", "S"),
        ),
        Code(
            "head-of-government",
            "Head of government",
            "Prime minister, chancellor, premier.",
            _exact("COLT LeaderRole", "G"),
        ),
        Code("minister", "Minister", "Minister, deputy prime minister included.", _broad("COLT LeaderRole", "F")),
        Code("party-official", "Party official", "Officer of a party."),
        Code("official", "Official", "Any other officer of a state.", reserved=True),
    ),
    ordered=True,
)

MEMBERSHIP_STATUS = CodeList(
    "membership_status",
    "What a country is to a body or format during a spell.",
    (
        Code("member", "Member", "Full member.", _exact("COW IGO", "1")),
        Code("participant", "Participant", "Takes part in an initiative that has no members.", _broad("COW IGO", "2")),
        Code("signatory", "Signatory", "Has signed up to an initiative.", _broad("COW IGO", "2")),
        Code("observer", "Observer", "Observer.", _exact("COW IGO", "3")),
        Code("candidate", "Candidate", "Recognised candidate for membership.", _broad("COW IGO", "2")),
    ),
)

ACTOR_KIND = CodeList(
    "actor_kind",
    "What an actor is.",
    (
        Code("state", "State", "A country as such.", _broad("IATI OrganisationType", "10")),
        Code(
            "government-body",
            "Government body",
            "Ministry, agency, police, municipality, regulator.",
            _exact("IATI OrganisationType", "10"),
        ),
        Code("central-bank", "Central bank", "A country's central bank.", _close("IATI OrganisationType", "15")),
        Code("company", "Company", "A firm, whoever owns it.", _broad("IATI OrganisationType", "70")),
        Code("bank", "Bank", "A bank that is not a central bank.", _broad("IATI OrganisationType", "70")),
        Code(
            "institute",
            "Institute",
            "University, school, think tank, research or cultural institute.",
            _exact("IATI OrganisationType", "80"),
        ),
        Code("body", "International body", "Organisation of states.", _exact("IATI OrganisationType", "40")),
        Code(
            "format",
            "Format or initiative",
            "A series of meetings or an initiative without a treaty.",
            _broad("schema.org", "Organization"),
        ),
        Code("military", "Armed forces", "An army or a part of it.", _broad("IATI OrganisationType", "10")),
        Code("person", "Person", "A human being.", _exact("schema.org", "Person")),
        Code("territory", "Territory", "Part of a country with its own authorities.", reserved=True),
    ),
)

COUNTRY_SCOPE = CodeList(
    "country_scope",
    "Why a country stands in the reference table.",
    (
        Code("region", "Region", "One of the countries of Central and Eastern Europe covered here."),
        Code("china", "China", "The People's Republic."),
        Code("other", "Other", "Home of an actor that takes part."),
    ),
)

SOURCE_KIND = CodeList(
    "source_kind",
    "What sort of publication a source is.",
    (
        Code("report", "Report", "Study by a research body.", _exact("schema.org", "Report")),
        Code("article", "Article", "Essay in a magazine.", _exact("schema.org", "Article")),
        Code("news", "News", "Report in the news.", _exact("schema.org", "NewsArticle")),
        Code("interview", "Interview", "Questions and answers.", _broad("schema.org", "Article")),
        Code("weblog", "Weblog", "Entry of a weblog.", _exact("schema.org", "BlogPosting")),
    ),
)

SOURCE_SIDE = CodeList(
    "source_side",
    "On which side of the relation a source is published.",
    (
        Code("chinese", "Chinese", "Published in China or by a Chinese body.", reserved=True),
        Code("host", "Host", "Published in a country of the region."),
        Code("third", "Third", "Published elsewhere."),
    ),
)

EXCLUSION_REASON = CodeList(
    "exclusion_reason",
    "Why a passage was read and not coded.",
    (
        Code("russia-only", "Russia only", "Russia's dealings with the region or with China, without the other."),
        Code("other-powers", "Other powers", "Dealings of the United States, the EU or others without China."),
        Code("out-of-region", "Out of region", "Dealings of China with countries not covered here."),
        Code("opinion", "Opinion", "Judgement or interpretation by the author or a person quoted."),
        Code("forecast", "Forecast", "What may come."),
        Code("statistic", "Statistic", "Trade, poll or aggregate figures."),
        Code("background", "Background", "Context without a codable fact of the four kinds."),
        Code("position", "Position", "A stance or statement that is neither agreement nor meeting."),
        Code("vague", "Too vague", "A dealing without what would tell it from others."),
        Code("duplicate", "Duplicate", "Said again; the record cites the fuller passage."),
        Code("matter", "Front and end matter", "Titles, biographies, footers, captions of stock pictures."),
    ),
)

BASIS = CodeList(
    "basis",
    "How the passage bears the value.",
    (
        Code("stated", "Stated", "The passage says it."),
        Code("hedged", "Hedged", "The passage itself says reportedly, apparently, is said to."),
        Code("inferred", "Inferred", "Follows from the passage with something else, named in the note."),
    ),
)

STANDING = CodeList(
    "standing",
    "How a claimed value stands to the published one.",
    (
        Code("chosen", "Chosen", "It is the published value.", _close("Wikidata rank", "preferred")),
        Code("agrees", "Agrees", "It equals the published value.", _close("Wikidata rank", "normal")),
        Code(
            "coarser",
            "Coarser",
            "A less precise date that contains the published one.",
            _close("Wikidata rank", "normal"),
        ),
        Code(
            "earlier",
            "Earlier",
            "The state of things when its source was published; a later source says what followed.",
            _close("Wikidata rank", "normal"),
        ),
        Code(
            "rival",
            "Rival",
            "It contradicts the published value; `because` says why the other stands.",
            _close("Wikidata rank", "deprecated"),
        ),
    ),
)

DATE_PRECISION = CodeList(
    "date_precision",
    "How finely a date is given.",
    (
        Code("day", "Day", "A calendar day.", _exact("UCDP date_prec", "1")),
        Code("month", "Month", "A month.", _exact("UCDP date_prec", "4")),
        Code("season", "Season", "A quarter of the year by its season.", _broad("UCDP date_prec", "5")),
        Code("year", "Year", "A year.", _exact("UCDP date_prec", "5")),
        Code("decade", "Decade", "Ten years.", reserved=True),
        Code("interval", "Interval", "From one date to another, or open at one end."),
    ),
    ordered=True,
)

CHANGE_KIND = CodeList(
    "change_kind",
    "Why a published value changed or went.",
    (
        Code("new-source", "New source", "A source not read before says otherwise.", reserved=True),
        Code("correction", "Correction", "It was read or written down wrongly."),
        Code("refinement", "Refinement", "It is the same, said more finely.", reserved=True),
        Code("re-decision", "New decision", "The claims are the same, what is chosen is not.", reserved=True),
        Code("retraction", "Retraction", "No source says it after all.", reserved=True),
    ),
)

CODE_LISTS = tuple(value for value in list(globals().values()) if isinstance(value, CodeList))
