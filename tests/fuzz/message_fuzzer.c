/* wire/message: whatever a subject, name or text holds, every line ends in CRLF, no line is longer than RFC 5322 §2.1.1 allows, no header
 * is added, all is ASCII. The input's lines are name, subject, address, and the text. */
#include "fuzz.h"
#include "wire/message.h"

static int header_count(struct str head) {
	int n = 0;
	while (head.n) {
		struct str line = str_cut(&head, '\n');
		n += line.n > 1 && line.p[0] != ' ' && line.p[0] != '\t';
	}
	return n;
}

static int headers_of(const struct message *m, struct buf *out) {
	message_put(out, m);
	struct str whole = buf_str(out), rest = whole;
	must(str_ends(whole, S("\r\n")));
	while (rest.n) {
		struct str line = str_cut(&rest, '\n');
		must(line.n >= 1 && line.n <= 999 && line.p[line.n - 1] == '\r' && str_chr(str_first(line, line.n - 1), '\r') < 0);
		for (size_t i = 0; i < line.n; i++)
			must((unsigned char)line.p[i] < 0x80 && line.p[i]);
	}
	ptrdiff_t end = str_find(whole, S("\r\n\r\n"));
	must(end > 0);
	return header_count(str_first(whole, (size_t)end));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str in = str_mem(data, n);
	struct message plain = {.from_name = S("n"),
	                        .from = S("us@here.example"),
	                        .to = S("you@there.example"),
	                        .subject = S("s"),
	                        .text = S("t"),
	                        .id = S("1@here.example")};
	struct message m = plain;
	BUF_AUTO a = {0};
	BUF_AUTO b = {0};
	if (!str_utf8(in))
		return 0;
	m.from_name = str_cut(&in, '\n');
	m.subject = str_cut(&in, '\n');
	m.text = in;
	if (str_empty(m.from_name))
		plain.from_name = STR_NONE;
	must(headers_of(&m, &a) == headers_of(&plain, &b));
	return 0;
}
