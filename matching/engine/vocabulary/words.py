"""Short word lists that comparison forms are built with. Written for this project; kept libraries do the rest."""

GENERATIONS = {
    "jr": "2",
    "junior": "2",
    "sr": "1",
    "senior": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "2nd": "2",
    "3rd": "3",
}
SUFFIXES = frozenset("phd md esq dds dvm cpa jd mba obe cbe mbe kbe ret bart bt rn rev dr prof".split())

# What legal-form libraries leave behind once they have taken the whole form away.
LEGAL_LEFTOVERS = frozenset(
    "inc incorporated llc corp corporation co company companies lp llp pllc limited ltd plc dac private pvt pte gmbh mbh gesellschaft ag "
    "aktiengesellschaft kg kgaa ug haftungsbeschrankt se ek sa sas sarl sasu sci slu sl srl spa snc sp z o oo zoo spolka ooo oao pao zao "
    "ao pjsc jsc ojsc cjsc ltda ltd eireli bv nv ab publ as sti anonim sirketi kk kabushiki kaisha cv de rl s a r l oy oyj aps asa pty "
    "lda sdn bhd tbk pt nyrt kft zrt doo dd ad eood ood sro liability partnership aktiebolag sociedad societe anonyme".split()
)
ARTICLES = frozenset("the".split())
JOINERS = frozenset("and und et y e i og och en of the de la le des du der die das von und para".split())
ORGANISATION_WORDS = {
    "intl": "international", "int": "international", "tech": "technologies", "technology": "technologies", "techs": "technologies",
    "svcs": "services", "svc": "services", "service": "services", "mgmt": "management", "mgt": "management", "mngmt": "management",
    "inds": "industries", "ind": "industries", "industry": "industries", "hldgs": "holdings", "hldg": "holdings", "holding": "holdings",
    "grp": "group", "groupe": "group", "gruppe": "group", "grupo": "group", "inv": "investments", "invs": "investments",
    "investment": "investments", "ptnrs": "partners", "partner": "partners", "sys": "systems", "system": "systems", "natl": "national",
    "mfg": "manufacturing", "dept": "department", "univ": "university", "assn": "association", "assoc": "associates", "bros": "brothers",
    "ctr": "center", "centre": "center", "cntr": "center", "sch": "school", "hosp": "hospital", "govt": "government", "fin": "financial",
    "ins": "insurance", "constr": "construction", "eng": "engineering", "dev": "development", "devt": "development", "ent": "enterprises",
    "enterprise": "enterprises", "res": "resources", "resource": "resources", "prods": "products", "product": "products", "pharma":
    "pharmaceuticals", "labs": "laboratories", "lab": "laboratories", "solution": "solutions", "st": "saint", "mt": "mount", "ft": "fort",
    "comm": "community", "acad": "academy", "inst": "institute", "amer": "american", "elem": "elementary", "sons": "sons", "prop": "properties",
    "property": "properties", "realty": "realty", "trans": "transport", "transportation": "transport", "chem": "chemicals", "chemical": "chemicals",
}  # fmt: skip

STREET_WORDS = {
    "street": "st", "str": "st", "strasse": "st", "strase": "st", "straat": "st", "avenue": "ave", "av": "ave", "avenida": "ave",
    "avda": "ave", "road": "rd", "drive": "dr", "drv": "dr", "lane": "ln", "boulevard": "blvd", "boul": "blvd", "bvd": "blvd", "court": "ct",
    "crt": "ct", "parkway": "pkwy", "pky": "pkwy", "place": "pl", "plaza": "pl", "square": "sq", "terrace": "ter", "tce": "ter",
    "crescent": "cres", "close": "cl", "circle": "cir", "circuit": "cct", "highway": "hwy", "expressway": "expy", "north": "n", "south": "s",
    "east": "e", "west": "w", "northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw", "saint": "st", "mount": "mt",
    "fort": "ft", "ulica": "ul", "calle": "c", "rua": "r", "rue": "r", "via": "v", "alley": "aly", "trail": "trl", "point": "pt",
    "heights": "hts", "mall": "mall", "gardens": "gdns", "grove": "gr", "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th",
    "fifth": "5th", "sixth": "6th", "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th",
}  # fmt: skip
STREET_ENDINGS = {"strasse": "st", "strase": "st", "straat": "st", "gatan": "gatan"}
UNIT_WORDS = frozenset(
    "suite ste apartment apt unit floor fl flat room rm bldg building level lvl no nr # vill villa shop office".split()
)

PLACEHOLDERS = frozenset(
    "na none null nil unknown unk not available notavailable not applicable tbd tba test xxx xx x nan missing no name noname undefined "
    "n a nobody anonymous blank empty dummy".split()
) | {"not available", "not applicable", "no name", "n a", "none given", "not provided", "not known", "do not use"}
FREE_MAIL = frozenset(
    "gmail.com googlemail.com yahoo.com hotmail.com outlook.com live.com msn.com aol.com icloud.com me.com mac.com gmx.de gmx.net gmx.com "
    "web.de mail.ru yandex.ru bk.ru inbox.ru orange.fr wanadoo.fr free.fr laposte.net comcast.net verizon.net att.net sbcglobal.net "
    "protonmail.com proton.me qq.com 163.com 126.com hotmail.co.uk yahoo.co.uk btinternet.com libero.it virgilio.it t-online.de wp.pl o2.pl "
    "onet.pl interia.pl naver.com hanmail.net rediffmail.com uol.com.br terra.com.br bigpond.com mail.com".split()
)
ROLE_MAILBOXES = frozenset(
    "info contact sales office admin support mail hello enquiries inquiries service help team noreply no-reply postmaster webmaster none".split()
)
COUNTRY_NAMES = {
    "usa": "us", "united states": "us", "united states of america": "us", "u s a": "us", "uk": "gb", "united kingdom": "gb", "england": "gb",
    "great britain": "gb", "scotland": "gb", "wales": "gb", "deutschland": "de", "espana": "es", "the netherlands": "nl", "holland": "nl",
    "russia": "ru", "russian federation": "ru", "turkiye": "tr", "italia": "it", "brasil": "br", "schweiz": "ch", "osterreich": "at",
    "polska": "pl", "sverige": "se", "eire": "ie", "korea": "kr", "south korea": "kr", "czechia": "cz", "viet nam": "vn",
}  # fmt: skip
