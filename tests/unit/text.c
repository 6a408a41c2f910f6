/* wire/text and core/text: what is found in texts as people type them, how long they count, how they are folded, and their HTML. */
#include "core/text.h"
#include "wire/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct arena *arena;

/* All finds as "kind:text" with "|" between: m @, t #, l link, e emoji. */
static const char *finds(const char *text) {
	static char out[1024];
	struct text_find f;
	size_t n = 0;
	out[0] = 0;
	for (size_t at = 0; text_next(str_of(text), &at, &f);) {
		struct str whole = str_first(str_skip(str_of(text), f.at), f.n);
		n += (size_t)snprintf(out + n, sizeof out - n, "%s%c:%.*s", n ? "|" : "", "mtle"[f.kind], S_ARG(whole));
	}
	return out;
}

struct example {
	const char *text, *finds;
};

static void check(const struct example *v, size_t n) {
	for (size_t i = 0; i < n; i++)
		if (strcmp(finds(v[i].text), v[i].finds) != 0)
			fail_msg("in \"%s\": \"%s\", not \"%s\"", v[i].text, finds(v[i].text), v[i].finds);
}
#define CHECK(v) check((v), sizeof(v) / sizeof *(v))

static void mentions_are_found_where_people_type_them(void **state) {
	static const struct example v[] = {
	    {"@alice", "m:@alice"},
	    {"Hello @alice!", "m:@alice"},
	    {"(@alice)", "m:@alice"},
	    {"@alice, @bob.", "m:@alice|m:@bob"},
	    {"@alice@example.org.", "m:@alice@example.org"},
	    {"@alice@127.0.0.1:8080 hi", "m:@alice@127.0.0.1:8080"},
	    {"@alice@example.org: hi", "m:@alice@example.org"},
	    {"@alice@bücher.example", "m:@alice@bücher.example"},
	    {"alice@example.org", ""},
	    {"über@example", ""},
	    {"/@alice", ""},
	    {"@", ""},
	    {"@@alice", "m:@alice"},
	    {"@alice_b", "m:@alice_b"},
	    {"@alice-", "m:@alice"},
	    {"„@alice“", "m:@alice"},
	    {"。@alice", "m:@alice"},
	    {"@álice", ""},
	};
	CHECK(v);
}

static void hashtags_are_found_in_every_script(void **state) {
	static const struct example v[] = {
	    {"#a", "t:#a"},
	    {"#Hello, #World", "t:#Hello|t:#World"},
	    {"#2024", ""},
	    {"#2024goals", "t:#2024goals"},
	    {"#übung", "t:#übung"},
	    {"#Straßenfest!", "t:#Straßenfest"},
	    {"#日本語 です", "t:#日本語"},
	    {"＃日本語", "t:＃日本語"},
	    {"#カタカナ・カタカナ", "t:#カタカナ・カタカナ"},
	    {"#l·l", "t:#l·l"},
	    {"#a·", "t:#a"},
	    {"#привет", "t:#привет"},
	    {"#مرحبا", "t:#مرحبا"},
	    {"#हिन्दी", "t:#हिन्दी"},
	    {"#_", ""},
	    {"#1_1", "t:#1_1"},
	    {"a#b", ""},
	    {"/#b", ""},
	    {"#a#b", "t:#a"},
	    {"#a-b", "t:#a"},
	    {"C# and F#", ""},
	    {"(#tag)", "t:#tag"},
	    {"#tag's", "t:#tag"},
	    {"&#39;", ""},
	};
	CHECK(v);
}

static void links_end_where_the_sentence_goes_on(void **state) {
	static const struct example v[] = {
	    {"https://example.com", "l:https://example.com"},
	    {"See https://example.com.", "l:https://example.com"},
	    {"HTTPS://EXAMPLE.COM/", "l:HTTPS://EXAMPLE.COM/"},
	    {"https://example.com/a_(b)", "l:https://example.com/a_(b)"},
	    {"(https://example.com/a)", "l:https://example.com/a"},
	    {"(see https://example.com/a_(b))", "l:https://example.com/a_(b)"},
	    {"https://example.com/a?b=c&d=e#f", "l:https://example.com/a?b=c&d=e#f"},
	    {"https://example.com?q=1", "l:https://example.com?q=1"},
	    {"https://example.com/@alice", "l:https://example.com/@alice"},
	    {"https://example.com/#tag", "l:https://example.com/#tag"},
	    {"https://example.com:8443/x", "l:https://example.com:8443/x"},
	    {"http://127.0.0.1:8080/x", "l:http://127.0.0.1:8080/x"},
	    {"http://localhost/x", "l:http://localhost/x"},
	    {"https://example.com, and", "l:https://example.com"},
	    {"https://example.com/a\"b", "l:https://example.com/a"},
	    {"<https://example.com/a>", "l:https://example.com/a"},
	    {"https://bücher.example/ö", "l:https://bücher.example/ö"},
	    {"https://президент.рф/", "l:https://президент.рф/"},
	    {"https://example.comです", "l:https://example.com"},
	    {"「https://example.com/あ」と", "l:https://example.com/あ"},
	    {"https://example.com/あ。", "l:https://example.com/あ"},
	    {"https://example", ""},
	    {"https://", ""},
	    {"https://1.2.3", ""},
	    {"https://a..b.com", ""},
	    {"xhttps://example.com", ""},
	    {"example.com", ""},
	    {"javascript:alert(1)", ""},
	    {"https://example.com/😀 x", "l:https://example.com/😀"},
	};
	CHECK(v);
}

static void emoji_stand_between_colons_and_spaces(void **state) {
	static const struct example v[] = {
	    {":blob_cat:", "e::blob_cat:"}, {"a :ok: b", "e::ok:"}, {"a:ok:", ""}, {":ok:b", ""}, {"12:30:45", ""}, {":a:", ""}, {"::", ""},
	    {"(:ok:)", "e::ok:"},
	};
	CHECK(v);
}

static void length_counts_what_people_see(void **state) {
	static const struct {
		const char *text;
		size_t length;
	} v[] = {
	    {"", 0},
	    {"hello", 5},
	    {"über", 4},
	    {"日本語", 3},
	    {"👩‍👩‍👧‍👦", 1},
	    {"🇩🇪🇫🇷", 2},
	    {"e\xCC\x81", 1},
	    {"https://example.com/very/long/path/that/goes/on/and/on", 23},
	    {"x https://a.de y", 27},
	    {"@alice@example.org", 6},
	    {"@alice", 6},
	    {"#tag", 4},
	    {":blob:", 6},
	};
	for (size_t i = 0; i < sizeof v / sizeof *v; i++)
		if (text_length(str_of(v[i].text)) != v[i].length)
			fail_msg("\"%s\" counts %zu, not %zu", v[i].text, text_length(str_of(v[i].text)), v[i].length);
}

static void hashtags_are_folded_so_that_they_are_found(void **state) {
	static const struct {
		const char *name, *folded;
	} v[] = {{"Hello", "hello"},   {"Café", "cafe"},     {"ＡＢＣ", "abc"}, {"Straße", "straße"},
	         {"ПРИВЕТ", "привет"}, {"ｶﾀｶﾅ", "カタカナ"}, {"がぎ", "がぎ"},  {"ÅNGSTRÖM", "angstrom"}};
	for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
		struct str got = text_tag_fold(arena, str_of(v[i].name));
		if (!str_eq(got, str_of(v[i].folded)))
			fail_msg("%s became %.*s", v[i].name, S_ARG(got));
	}
}

static void words_are_cut_in_every_script(void **state) {
	static const struct {
		const char *text, *words;
	} v[] = {
	    {"Hello, World!", "hello|world"},
	    {"don't_stop", "don|t|stop"},
	    {"東京 tower", "東|京|tower"},
	    {"Grüße aus Köln", "gruße|aus|koln"},
	    {"한국어 좋아", "한국어|좋아"},
	    {"", ""},
	    {"…", ""},
	    {"https://example.com/a", "https|example|com|a"},
	};
	for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
		struct str *words;
		size_t n;
		BUF_AUTO all = {0};
		text_words(arena, str_of(v[i].text), &words, &n);
		for (size_t k = 0; k < n; k++) {
			if (k)
				buf_byte(&all, '|');
			buf_put(&all, words[k]);
		}
		if (!str_eq(buf_str(&all), str_of(v[i].words)))
			fail_msg("\"%s\" has \"%.*s\"", v[i].text, (int)all.n, all.p ? all.p : "");
	}
}

static void bytes_that_are_no_text_are_survived(void **state) {
	for (int first = 0; first < 256; first++)
		for (int second = 0; second < 256; second++) {
			char bytes[] = {'#', (char)first, (char)second, '@', 'a'};
			struct str s = {bytes, sizeof bytes};
			struct text_find f;
			struct str *words;
			size_t n;
			for (size_t at = 0; text_next(s, &at, &f);)
				assert_true(f.at + f.n <= s.n && f.n > 0);
			text_length(s);
			text_words(arena, s, &words, &n);
			arena_reset(arena);
		}
}

static void check_html(const char *text, const char *html) {
	const struct site site = {.domain = S("here.example"), .base_url = S("https://here.example")};
	const struct text_person people[] = {{S("alice"), STR_NONE, STR_NONE},
	                                     {S("zoë"), S("there.example"), S("https://there.example/@zoë")}};
	BUF_AUTO out = {0};
	text_html(arena, &out, &site, str_of(text), people, 2);
	if (!str_eq(buf_str(&out), str_of(html)))
		fail_msg("\"%s\" became\n%.*s\nnot\n%s", text, (int)out.n, out.p ? out.p : "", html);
}

static void html_is_what_clients_style(void **state) {
	check_html("", "");
	check_html("a\nb\n\n\nc", "<p>a<br />b</p><p>c</p>");
	check_html("<script>&\"'", "<p>&lt;script&gt;&amp;&quot;&#39;</p>");
	check_html("@Alice @ALICE@here.example @nobody",
	           "<p><span class=\"h-card\" translate=\"no\"><a href=\"https://here.example/@alice\" class=\"u-url "
	           "mention\">@<span>alice</span></a></span> "
	           "<span class=\"h-card\" translate=\"no\"><a href=\"https://here.example/@alice\" class=\"u-url "
	           "mention\">@<span>alice</span></a></span> @nobody</p>");
	check_html("#Café",
	           "<p><a href=\"https://here.example/tags/cafe\" class=\"mention hashtag\" rel=\"tag\">#<span>Café</span></a></p>");
	check_html("https://www.example.com/a?b=1&c=<",
	           "<p><a href=\"https://www.example.com/a?b=1&amp;c=\" target=\"_blank\" rel=\"nofollow noopener\" translate=\"no\"><span "
	           "class=\"invisible\">https://www."
	           "</span><span class=\"\">example.com/a?b=1&amp;c=</span><span class=\"invisible\"></span></a>&lt;</p>");
	check_html("https://example.com/12345678901234567890",
	           "<p><a href=\"https://example.com/12345678901234567890\" target=\"_blank\" rel=\"nofollow noopener\" "
	           "translate=\"no\"><span class=\"invisible\">https://"
	           "</span><span class=\"ellipsis\">example.com/123456789012345678</span><span class=\"invisible\">90</span></a></p>");
}

static void shortcodes_are_listed_once(void **state) {
	struct str *codes;
	size_t n;
	text_shortcodes(arena, S(":cat: and :dog: and :cat:"), &codes, &n);
	assert_int_equal(n, 2);
	assert_true(str_eq(codes[0], S("cat")) && str_eq(codes[1], S("dog")));
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(mentions_are_found_where_people_type_them),
	    cmocka_unit_test(hashtags_are_found_in_every_script),
	    cmocka_unit_test(links_end_where_the_sentence_goes_on),
	    cmocka_unit_test(emoji_stand_between_colons_and_spaces),
	    cmocka_unit_test(length_counts_what_people_see),
	    cmocka_unit_test(hashtags_are_folded_so_that_they_are_found),
	    cmocka_unit_test(words_are_cut_in_every_script),
	    cmocka_unit_test(bytes_that_are_no_text_are_survived),
	    cmocka_unit_test(html_is_what_clients_style),
	    cmocka_unit_test(shortcodes_are_listed_once),
	};
	arena = arena_new();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
