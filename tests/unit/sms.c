/* Text messages out: numbers as people type them, gateways' requests with their blanks, routes, and the real gammu with its dummy modem. */
#include "net/sms.h"
#include "wire/gateway.h"
#include "wire/phone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* ── numbers ── */

static void a_number_is_read_in_any_dress(void **state) {
	static const char *const cases[][2] = {
	    {"+4915112345678", "+4915112345678"},  {" +49 (151) 1234-5678 ", "+4915112345678"}, {"0049/151.12345678", "+4915112345678"},
	    {"+1 (212) 555-0123", "+12125550123"}, {"+123456789012345", "+123456789012345"},    {"+29012345", "+29012345"},
	};
	char text[PHONE_TEXT];
	struct str number;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_true(phone_parse(str_of(cases[i][0]), text, &number));
		assert_true(str_eq(number, str_of(cases[i][1])));
	}
}

static void what_is_no_number_of_a_country_is_refused(void **state) {
	static const char *const bad[] = {"",
	                                  "+",
	                                  "015112345678",
	                                  "4915112345678",
	                                  "+0123456789",
	                                  "+491511",
	                                  "+49 (0)151 12345678",
	                                  "+1234567890123456",
	                                  "+49151123x5678",
	                                  "+49,15112345678",
	                                  "++4915112345678",
	                                  "0000123456789"};
	char text[PHONE_TEXT];
	struct str number;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(phone_parse(str_of(bad[i]), text, &number));
	assert_false(phone_parse(str_mem("+49151\0"
	                                 "12345678",
	                                 15),
	                         text, &number));
}

static void prefixes_say_which_countries_are_meant(void **state) {
	assert_true(phone_has_prefix(S(""), S("+4915112345678")));
	assert_true(phone_has_prefix(S("+43, +49"), S("+4915112345678")));
	assert_false(phone_has_prefix(S("+43,+41"), S("+4915112345678")));
	assert_true(phone_is_prefix(S("+49")) && phone_is_prefix(S("+4915")) && phone_is_prefix(S("+")));
	assert_false(phone_is_prefix(S("49")) || phone_is_prefix(S("+0")) || phone_is_prefix(S("+4a")));
}

/* ── gateways ── */

static err secret_of(void *ctx, struct str path, struct str *secret) {
	assert_true(str_eq(path, S("/etc/key")));
	*secret = S("k\"&=y");
	return NULL;
}

static void filled(struct arena *a, const char *request, struct gateway *g, struct gateway_filled *out) {
	struct gateway_values v = {.to = S("+4915112345678"), .text = S("5 & \"6\"\n<ü>"), .read = secret_of};
	struct str in = str_of(request);
	assert_null(str_starts(in, S("http")) ? gateway_parse_address(in, g) : gateway_parse_request(in, g));
	assert_null(gateway_fill(a, g, &v, out));
}

static void what_is_filled_in_is_escaped_for_its_place(void **state) {
	struct arena *a = arena_new();
	struct gateway g;
	struct gateway_filled f;
	filled(a, "https://gw.example:8443/a/{digits}?to={to}&p={file:/etc/key}&t={text}", &g, &f);
	assert_true(str_eq(g.origin, S("https://gw.example:8443")) && str_eq(g.method, S("GET")));
	assert_true(str_eq(f.target, S("/a/4915112345678?to=%2B4915112345678&p=k%22%26%3Dy&t=5%20%26%20%226%22%0A%3C%C3%BC%3E")));
	filled(a,
	       "# ours\r\nPOST https://gw.example HTTP/1.1\r\nContent-Type: application/json; charset=utf-8\r\nX-Key: {file:/etc/key}\r\n"
	       "Freehold-Expect: \"ok\"\r\n\r\n{\"to\": \"{to}\", \"n\": {digits}, \"text\": \"{text}\", \"o\": {\"x\": {}}}\r\n",
	       &g, &f);
	assert_true(str_eq(f.target, S("/")) && g.header_count == 2 && str_eq(f.headers[1], S("X-Key: k\"&=y")));
	assert_true(str_eq(g.expect, S("\"ok\"")));
	assert_true(
	    str_eq(f.body, S("{\"to\": \"+4915112345678\", \"n\": 4915112345678, \"text\": \"5 & \\\"6\\\"\\n<ü>\", \"o\": {\"x\": {}}}")));
	filled(a, "PUT http://10.1.2.3/send\nContent-Type: application/x-www-form-urlencoded\n\nto={digits}\n&text={text}\n", &g, &f);
	assert_true(str_eq(f.body, S("to=4915112345678&text=5%20%26%20%226%22%0A%3C%C3%BC%3E")));
	filled(a, "POST http://[::1]:9/send\nContent-Type: text/xml\n\n<m to='{to}'>{text}</m>", &g, &f);
	assert_true(str_eq(f.body, S("<m to='+4915112345678'>5 &amp; &quot;6&quot;\n&lt;ü&gt;</m>")));
	arena_free(&a);
}

static void requests_that_could_not_work_are_refused(void **state) {
	static const char *const addresses[] = {"https://gw.example/?to={to}",
	                                        "https://gw.example/?t={text}",
	                                        "http://gw.example/?{to}{text}",
	                                        "http://8.8.8.8/?{to}{text}",
	                                        "https://u:p@gw.example/?{to}{text}",
	                                        "https:///?{to}{text}",
	                                        "https://gw.example/?to={to}&text={text}&x={other}",
	                                        "https://gw.example/{to} {text}",
	                                        "https://{to}/{text}",
	                                        "ftp://gw.example/{to}{text}",
	                                        "https://gw.example/?{to}{text}#x"};
	static const char *const requests[] = {
	    "",
	    "#",
	    "DELETE https://gw.example/{to}{text}\n",
	    "GET https://gw.example/{to}{text}\n\nbody",
	    "POST https://gw.example/\n\n{to}{text}",
	    "POST https://gw.example/{to}{text}\nHost: x\n\n",
	    "POST https://gw.example/{to}{text}\nFreehold-What: x\n\n",
	    "POST https://gw.example/\nContent-Type: image/png\n\n{to}{text}",
	    "POST https://gw.example/\nContent-Type: application/json\n\n{\"to\": {to}, \"text\": {text}}",
	    "POST https://gw.example/{to}{text}\nno header\n\n"};
	struct gateway g;
	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
		assert_non_null(gateway_parse_address(str_of(addresses[i]), &g));
	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
		assert_non_null(gateway_parse_request(str_of(requests[i]), &g));
	/* The text has two lines, which a header has not. */
	struct gateway_values v = {.to = S("+4915112345678"), .text = S("a\nb"), .read = secret_of};
	struct gateway_filled f;
	struct arena *a = arena_new();
	assert_null(gateway_parse_request(S("GET https://gw.example/{to}{text}\nX-Key: {file:/etc/key}\n"), &g));
	assert_null(gateway_fill(a, &g, &v, &f));
	assert_non_null(gateway_parse_request(S("GET https://gw.example/{to}\nX-Text: {text}\n"), &g));
	arena_free(&a);
}

/* ── routes ── */

static void a_route_is_shown_as_far_as_its_host(void **state) {
	static const char *const routes[][2] = {
	    {"https://gw.example:8443/key/secret?password=secret&to={to}", "https://gw.example:8443"},
	    {"https://gw.example?password=secret", "https://gw.example"},
	    {"https://us:secret@gw.example/", "https://gw.example"},
	    {"gateway:/etc/freehold/one.http", "gateway:/etc/freehold/one.http"},
	    {"gammu:/etc/gammurc", "gammu:/etc/gammurc"},
	};
	for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
		BUF_AUTO shown = {0};
		sms_route_name(&shown, str_of(routes[i][0]));
		assert_true(str_eq(buf_str(&shown), str_of(routes[i][1])));
	}
}

static void only_routes_that_are_understood_are_taken(void **state) {
	static const char *const bad[] = {"",
	                                  "sms:+49",
	                                  "gammu",
	                                  "gammu:etc/gammurc",
	                                  "gammu:/not/there",
	                                  "gateway:/not/there",
	                                  "gateway:/etc/passwd",
	                                  "https://gw.example/"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(sms_route_check(str_of(bad[i]))->code, ERR_INVALID);
	assert_null(sms_route_check(S("https://gw.example/send?to={to}&text={text}")));
}

static void gammu_sends_by_what_its_settings_say(void **state) {
	char folder[] = "/tmp/freehold-sms-XXXXXX", rc[64], route[80], log[64], seen[16384] = "";
	assert_non_null(mkdtemp(folder));
	snprintf(rc, sizeof rc, "%s/rc", folder);
	snprintf(log, sizeof log, "%s/log", folder);
	snprintf(route, sizeof route, "gammu:%s", rc);
	FILE *f = fopen(rc, "w");
	fprintf(f, "[gammu]\nmodel = dummy\nconnection = none\ndevice = %s\nlogfile = %s\nlogformat = textall\n", folder, log);
	fclose(f);
	struct sms_route r = {.to = str_of(route)};
	assert_null(sms_route_check(r.to));
	assert_null(sms_ask(&r));
	assert_null(sms_send(&r, S("+4915112345678"), S("123456 für dich\n\n@here.example #123456")));
	f = fopen(log, "r");
	assert_true(fread(seen, 1, sizeof seen - 1, f) > 0);
	fclose(f);
	assert_non_null(strstr(seen, "Recipient number \"+4915112345678\""));
	assert_non_null(strstr(seen, "123456 für dich\n\n@here.example #123456"));
	/* The modem is unplugged. */
	f = fopen(rc, "w");
	fprintf(f, "[gammu]\nmodel = dummy\nconnection = none\ndevice = %s/not/there\n", folder);
	fclose(f);
	err e = sms_send(&r, S("+4915112345678"), S("123456"));
	assert_int_equal(e->code, ERR_UNAVAILABLE);
	assert_non_null(strstr(e->cause, "/usr/bin/gammu ended with "));
	assert_null(strstr(e->cause, "15112345678"));
	assert_non_null(sms_ask(&r));
	char clean[80];
	snprintf(clean, sizeof clean, "rm -r %s", folder);
	assert_int_equal(system(clean), 0);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_number_is_read_in_any_dress),
	    cmocka_unit_test(what_is_no_number_of_a_country_is_refused),
	    cmocka_unit_test(prefixes_say_which_countries_are_meant),
	    cmocka_unit_test(what_is_filled_in_is_escaped_for_its_place),
	    cmocka_unit_test(requests_that_could_not_work_are_refused),
	    cmocka_unit_test(a_route_is_shown_as_far_as_its_host),
	    cmocka_unit_test(only_routes_that_are_understood_are_taken),
	    cmocka_unit_test(gammu_sends_by_what_its_settings_say),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
