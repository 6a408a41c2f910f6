#include "ops/made_text.h"

static const char *const first_names[64] = {
    "ada",  "amir", "anna",  "ben",   "bo",   "cleo", "dara",  "dina", "edda",  "elif", "emil", "esra",  "ezra",  "fay",  "finn",  "gina",
    "hana", "hugo", "ida",   "ilse",  "ines", "ivo",  "jana",  "jiro", "joao",  "juno", "kai",  "karl",  "kofi",  "lara", "leo",   "lina",
    "luca", "maja", "malik", "mara",  "mila", "mira", "nadia", "nils", "nora",  "olga", "omar", "otto",  "paula", "pia",  "quinn", "rafa",
    "remi", "rosa", "sami",  "selma", "sina", "sven", "tara",  "theo", "tomas", "uma",  "vera", "wanda", "wim",   "yara", "yusuf", "zoe",
};

static const char *const last_names[64] = {
    "Abel",     "Adeyemi", "Aguirre", "Albrecht",  "Amsel",   "Arnold", "Bakker", "Barros",  "Becker",  "Bergman",  "Brandt",
    "Castro",   "Dahl",    "Demir",   "Dubois",    "Eriksen", "Falk",   "Farkas", "Fischer", "Fontana", "Garcia",   "Gruber",
    "Haas",     "Hansen",  "Hoffman", "Ito",       "Jansen",  "Kaya",   "Keller", "Kim",     "Klein",   "Kovacs",   "Kruger",
    "Lang",     "Larsen",  "Leroy",   "Lindqvist", "Lopez",   "Marek",  "Mensah", "Meyer",   "Moreau",  "Nakamura", "Nguyen",
    "Novak",    "Okafor",  "Olsen",   "Park",      "Petrov",  "Ramos",  "Rossi",  "Sato",    "Schmidt", "Silva",    "Simic",
    "Sorensen", "Tanaka",  "Toth",    "Usman",     "Vogel",   "Weber",  "Wolf",   "Yilmaz",  "Zeller",
};

static const char *const words[256] = {
    "the",       "a",        "this",      "that",    "our",      "my",        "your",     "some",    "every",    "no",       "another",
    "one",       "morning",  "evening",   "night",   "winter",   "summer",    "spring",   "autumn",  "rain",     "snow",     "wind",
    "sun",       "moon",     "harbour",   "river",   "bridge",   "street",    "market",   "garden",  "kitchen",  "window",   "door",
    "house",     "village",  "city",      "train",   "bicycle",  "boat",      "road",     "forest",  "mountain", "valley",   "island",
    "coast",     "light",    "shadow",    "colour",  "music",    "song",      "voice",    "story",   "book",     "letter",   "word",
    "picture",   "film",     "game",      "idea",    "question", "answer",    "plan",     "project", "code",     "bug",      "server",
    "network",   "keyboard", "screen",    "coffee",  "tea",      "bread",     "soup",     "cheese",  "apple",    "cake",     "dinner",
    "breakfast", "friend",   "neighbour", "child",   "teacher",  "doctor",    "painter",  "sailor",  "baker",    "cat",      "dog",
    "bird",      "horse",    "fox",       "bee",     "tree",     "flower",    "seed",     "stone",   "cloud",    "star",     "fire",
    "water",     "paper",    "wood",      "iron",    "glass",    "wool",      "is",       "was",     "has",      "had",      "makes",
    "made",      "takes",    "took",      "gives",   "gave",     "finds",     "found",    "loses",   "lost",     "keeps",    "kept",
    "brings",    "brought",  "builds",    "built",   "writes",   "wrote",     "reads",    "sees",    "saw",      "hears",    "heard",
    "knows",     "knew",     "thinks",    "thought", "likes",    "loves",     "needs",    "wants",   "starts",   "stops",    "opens",
    "closes",    "walks",    "runs",      "sleeps",  "waits",    "laughs",    "sings",    "dances",  "travels",  "arrives",  "leaves",
    "grows",     "falls",    "shines",    "breaks",  "repairs",  "paints",    "bakes",    "plants",  "learns",   "teaches",  "and",
    "but",       "or",       "because",   "while",   "when",     "where",     "although", "until",   "before",   "after",    "since",
    "in",        "on",       "under",     "over",    "behind",   "beside",    "between",  "through", "across",   "along",    "around",
    "near",      "with",     "without",   "against", "for",      "from",      "into",     "onto",    "towards",  "about",    "again",
    "already",   "almost",   "always",    "never",   "often",    "sometimes", "soon",     "later",   "today",    "tomorrow", "yesterday",
    "here",      "there",    "very",      "quite",   "rather",   "really",    "slowly",   "quickly", "quietly",  "finally",  "together",
    "old",       "new",      "small",     "large",   "quiet",    "loud",      "warm",     "cold",    "bright",   "dark",     "green",
    "blue",      "red",      "yellow",    "strange", "simple",   "careful",   "happy",    "tired",   "hungry",   "honest",   "brave",
    "wild",      "soft",     "deep",      "wide",    "empty",    "full",      "early",    "late",    "free",     "open",     "clear",
    "patient",   "curious",  "gentle",
};

static void put_name(struct buf *out, const char *name, bool capital) {
	size_t at = out->n;
	buf_put(out, str_of(name));
	if (capital)
		out->p[at] = (char)(out->p[at] - 'a' + 'A');
}

void made_username(struct buf *out, int64_t account, uint64_t random) {
	put_name(out, first_names[random % 64], false);
	buf_byte(out, '_');
	char digits[16];
	size_t n = 0;
	for (int64_t left = account + 46656; left; left /= 36)
		digits[n++] = "0123456789abcdefghijklmnopqrstuvwxyz"[left % 36];
	while (n)
		buf_byte(out, digits[--n]);
}

void made_display_name(struct buf *out, uint64_t random) {
	put_name(out, first_names[random % 64], true);
	buf_byte(out, ' ');
	buf_put(out, str_of(last_names[random / 64 % 64]));
}

/* A xorshift from word to word: cheap, and the same for the same number. */
static const char *next_word(uint64_t *x) {
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return words[*x >> 32 & 255];
}

void made_sentences(struct buf *out, uint64_t random) {
	uint64_t x = random | 1;
	static const char ends[] = "...!?..!";
	for (uint64_t sentences = 1 + random % 8 / 4 + random % 16 / 15; sentences; sentences--) {
		int n = 4 + (int)(random / 16 % 11) + (int)(sentences * 2);
		for (int i = 0; i < n; i++) {
			if (i)
				buf_byte(out, ' ');
			put_name(out, next_word(&x), !i);
		}
		buf_byte(out, ends[x & 7]);
		if (sentences > 1)
			buf_byte(out, ' ');
	}
}

void made_tag(struct buf *out, int tag) {
	buf_put(out, str_of(words[12 + tag % 93]));
	if (tag >= 93)
		buf_put(out, str_of(words[12 + tag * 31 % 89]));
}
