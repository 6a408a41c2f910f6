#include "wire/websocket.h"

#include <openssl/evp.h>

void websocket_free(struct websocket *w) { buf_free(&w->message); }

static enum websocket_event bad(int *code, int with) {
	*code = with;
	return WEBSOCKET_BAD;
}

/* How long the head is, once its first two bytes are there. */
static unsigned char head_size(const unsigned char *h) {
	int length = h[1] & 127;
	return (unsigned char)(2 + (length == 126 ? 2 : length == 127 ? 8 : 0) + (h[1] & 128 ? 4 : 0));
}

static uint64_t payload_size(const unsigned char *h) {
	int length = h[1] & 127, bytes = length == 126 ? 2 : length == 127 ? 8 : 0;
	uint64_t n = bytes ? 0 : (uint64_t)length;
	for (int i = 0; i < bytes; i++)
		n = n << 8 | h[2 + i];
	return n;
}

/* A whole head is in w->head: checks it and turns to the payload (§5.2, §5.4, §5.5). */
static enum websocket_event begin_frame(struct websocket *w, int *code) {
	const unsigned char *h = w->head;
	w->fin = h[0] & 128;
	w->opcode = h[0] & 15;
	w->left = payload_size(h);
	if (h[0] & 0x70 || !(h[1] & 128))
		return bad(code, WEBSOCKET_PROTOCOL);
	if (w->opcode >= 8) {
		if (w->opcode > WEBSOCKET_OP_PONG || !w->fin || w->left > WEBSOCKET_CONTROL_MAX)
			return bad(code, WEBSOCKET_PROTOCOL);
		w->control_n = 0;
	} else {
		bool goes_on = w->opcode == 0;
		if (w->opcode > WEBSOCKET_OP_BINARY || goes_on != (w->message_opcode != 0))
			return bad(code, WEBSOCKET_PROTOCOL);
		if (w->left > w->limit || w->message.n + w->left > w->limit)
			return bad(code, WEBSOCKET_TOO_BIG);
		if (!goes_on)
			w->message_opcode = w->opcode;
	}
	w->in_payload = true;
	w->mask_at = 0;
	return WEBSOCKET_MORE;
}

static enum websocket_event end_close(const struct websocket *w, struct str data, int *code) {
	*code = WEBSOCKET_NO_STATUS;
	if (data.n == 0)
		return WEBSOCKET_CLOSE;
	if (data.n == 1)
		return bad(code, WEBSOCKET_PROTOCOL);
	*code = w->control[0] << 8 | w->control[1];
	bool known = (*code >= 1000 && *code <= 1003) || (*code >= 1007 && *code <= 1014) || (*code >= 3000 && *code <= 4999);
	if (!known)
		return bad(code, WEBSOCKET_PROTOCOL);
	return str_utf8(str_skip(data, 2)) ? WEBSOCKET_CLOSE : bad(code, WEBSOCKET_NOT_UTF8);
}

/* A frame's payload is complete: is that an event? */
static enum websocket_event end_frame(struct websocket *w, struct str *payload, int *code) {
	w->in_payload = false;
	w->have = 0;
	if (w->opcode >= 8) {
		*payload = str_mem(w->control, w->control_n);
		return w->opcode == WEBSOCKET_OP_PING   ? WEBSOCKET_PING
		       : w->opcode == WEBSOCKET_OP_PONG ? WEBSOCKET_PONG
		                                        : end_close(w, *payload, code);
	}
	if (!w->fin)
		return WEBSOCKET_MORE;
	*payload = buf_str(&w->message);
	bool text = w->message_opcode == WEBSOCKET_OP_TEXT;
	w->message_opcode = 0;
	if (text && !str_utf8(*payload))
		return bad(code, WEBSOCKET_NOT_UTF8);
	return text ? WEBSOCKET_TEXT : WEBSOCKET_BINARY;
}

static void take_payload(struct websocket *w, char *in, size_t n) {
	const unsigned char *mask = w->head + head_size(w->head) - 4;
	for (size_t i = 0; i < n; i++, w->mask_at = (w->mask_at + 1) & 3)
		in[i] = (char)(in[i] ^ mask[w->mask_at]);
	if (w->opcode < 8) {
		buf_put(&w->message, str_mem(in, n));
	} else {
		memcpy(w->control + w->control_n, in, n);
		w->control_n = (unsigned char)(w->control_n + n);
	}
	w->left -= n;
}

enum websocket_event websocket_feed(struct websocket *w, char *in, size_t n, size_t *used, struct str *payload, int *code) {
	/* The message handed out by the last feed is over. */
	if (w->message_opcode == 0 && w->message.p)
		buf_free(&w->message);
	*used = 0;
	*payload = STR_NONE;
	while (*used < n || (w->in_payload && w->left == 0)) {
		enum websocket_event e = WEBSOCKET_MORE;
		if (!w->in_payload) {
			w->head[w->have++] = (unsigned char)in[(*used)++];
			if (w->have >= 2 && w->have == head_size(w->head))
				e = begin_frame(w, code);
		} else {
			size_t some = n - *used < w->left ? n - *used : (size_t)w->left;
			take_payload(w, in + *used, some);
			*used += some;
			if (w->left == 0)
				e = end_frame(w, payload, code);
		}
		if (e != WEBSOCKET_MORE)
			return e;
	}
	return WEBSOCKET_MORE;
}

void websocket_frame(struct buf *out, int opcode, struct str payload) {
	buf_byte(out, (char)(0x80 | opcode));
	if (payload.n < 126) {
		buf_byte(out, (char)payload.n);
	} else if (payload.n < 65536) {
		buf_byte(out, 126);
		buf_byte(out, (char)(payload.n >> 8));
		buf_byte(out, (char)payload.n);
	} else {
		buf_byte(out, 127);
		for (int shift = 56; shift >= 0; shift -= 8)
			buf_byte(out, (char)((uint64_t)payload.n >> shift));
	}
	buf_put(out, payload);
}

void websocket_close_frame(struct buf *out, int code) {
	char data[2] = {(char)(code >> 8), (char)code};
	websocket_frame(out, WEBSOCKET_OP_CLOSE, str_mem(data, code == WEBSOCKET_NO_STATUS ? 0 : 2));
}

bool websocket_accept(struct str key, char accept[WEBSOCKET_ACCEPT + 1]) {
	static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	unsigned char raw[WEBSOCKET_KEY], digest[EVP_MAX_MD_SIZE];
	char joined[WEBSOCKET_KEY + sizeof guid - 1];
	if (key.n != WEBSOCKET_KEY || !str_ends(key, S("==")) || str_chr(str_first(key, WEBSOCKET_KEY - 2), '=') >= 0)
		return false;
	if (EVP_DecodeBlock(raw, (const unsigned char *)key.p, WEBSOCKET_KEY) != 18)
		return false;
	memcpy(joined, key.p, WEBSOCKET_KEY);
	memcpy(joined + WEBSOCKET_KEY, guid, sizeof guid - 1);
	if (EVP_Digest(joined, sizeof joined, digest, NULL, EVP_sha1(), NULL) != 1)
		return false;
	EVP_EncodeBlock((unsigned char *)accept, digest, 20);
	return true;
}
