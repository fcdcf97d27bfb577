"""Word lists from which made-up artists, titles and playlist names are put together."""


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ADJECTIVES = _listed(
    "Amber Blue Broken Burning Cold Crooked Crystal Dark Distant Electric Empty Fading Faithful "
    "Golden Hidden Hollow Holy Honest Humble Lazy Little Lonely Lost Lucky Midnight Neon Northern "
    "Old Pale Paper Purple Quiet Red Restless Royal Rusty Scarlet Secret Silent Silver Sleepy Slow "
    "Southern Stolen Strange Sunday Sweet Tender Twisted Velvet Violet Wandering Wild Winter Young"
)

NOUNS = _listed(
    "Anchors Angels Arrows Ashes Avenue Birds Bones Bridge Brothers Canyon Carnival Castles Circus "
    "City Clouds Coast Crows Daisies Diamonds Dogs Dreams Echoes Embers Engines Eyes Feathers "
    "Fields Fires Flowers Foxes Ghosts Giants Harbor Hearts Highway Horses Houses Islands Kings "
    "Lanterns Letters Lights Lions Machines Maps Mirrors Mountains Ocean Orchard Parade Pilots "
    "Planets Queens Rain Ravens River Roads Saints Shadows Sirens Sisters Skies Smoke Snow Spirits "
    "Stars Stones Storm Strangers Streets Summer Thieves Thunder Tigers Trains Trees Valley Voices "
    "Waves Whispers Windows Wolves Wonder"
)

FIRST_NAMES = _listed(
    "Ada Amara Bea Björn Camila Carlos Chloé Cole Dante Delia Dex Elio Ezra Fern Gwen Hana Idris "
    "Ines Jonah José Juno Kai Kenji Lena Luz Mael Marlo Mira Nadia Nico Noor Odette Omar Paz Quinn "
    "Rhea Rosa Sage Sören Tariq Thea Tomás Uma Vera Wes Yara Zaid Zoë"
)

LAST_NAMES = _listed(
    "Abara Ashdown Beckwith Bellamora Calder Castellane Dupraz Eastlake Fairbourne Falk Garrow "
    "Hallowell Ibarrola Jessop Kestrel Lindqvist Marchetta Nakadai Oyelowa Pemberlyn Quill Rourke "
    "Santoval Thackery Underhay Vasquine Wetherby Ximenes Yamadori Zeller"
)

VERBS = _listed(
    "Believe Breathe Burn Call Carry Change Chase Come Dance Dream Drive Fall Fight Find Fly "
    "Follow Forget Hold Keep Know Leave Listen Lose Love Miss Move Need Remember Ride Run Save "
    "Say Shake Shine Sing Stay Stop Take Tell Touch Trust Wait Wake Walk Want Watch"
)

SINGULAR = _listed(
    "Alibi Bandage Candle Crown December Devil Fever Fortune Glass Gravity Halo Heaven Home Honey "
    "Hurricane July Kiss Lullaby Magic Memory Mercy Mercury Money Moon Morning Motel Night Nowhere "
    "Paradise Photograph Poison Promise Radio Rhythm Satellite Skin Sugar Sunlight Telephone "
    "Tomorrow Trouble Tuesday Water Whiskey Wine Yesterday"
)

SPANISH = _listed("Agua Baile Calle Canción Corazón Fiesta Flor Fuego Luna Mañana Noche Playa Sol")

PLACES = ("the Old Mill", "Harbour Hall", "Red Barn", "Union Chapel Yard", "Lake Stage", "Studio 9")

GENERIC_NAMES = (
    "Chill",
    "Workout",
    "Party",
    "Summer",
    "Favorites",
    "Music",
    "Throwback",
    "Road Trip",
    "Jams",
    "Gym",
    "Good Vibes",
    "Car",
    "Running",
    "Sleep",
    "Study",
    "My Music",
    "Driving",
    "Random",
    "Mix",
    "New",
    "Vibes",
    "Lit",
    "Wedding",
    "Morning",
    "Dinner",
    "Spring",
    "Fall",
    "Winter",
    "Feels",
    "Bangers",
)

ODD_NAMES = (
    "🔥🔥🔥",
    "❤️",
    "...",
    "???",
    "<3",
    "~*~",
    "日本の音楽",
    "русский рок",
    "música",
    "Été 2016",
    "موسيقى",
    "   ",
    "★",
    "Ночь",
    "$$$",
)
