#include "web/authorize_words.h"

static const struct words english = {
    .lang = "en",
    .log_in = "Log in",
    .log_in_for = "To go on with",
    .name_or_email = "Name or e-mail address",
    .password = "Password",
    .forgot = "Forgot your password?",
    .wrong = "The name or the password is wrong.",
    .unconfirmed = "Your e-mail address is not confirmed yet: open the link in the mail.",
    .pending = "Your request to join waits for a moderator.",
    .stale = "This page was open too long. Please try again.",
    .consent = "Let this app in?",
    .wants = "asks to act for",
    .allow = "Allow",
    .deny = "Deny",
    .denied = "You did not let the app in.",
    .other_account = "Use another account",
    .code = "Your code",
    .copy_code = "Copy this code into the app. It works once, within ten minutes.",
    .trouble = "That did not work",
    .unknown_app = "The app that sent you here is not known to this network.",
    .foreign_address = "The app wants to go on at an address that it did not register.",
    .bad_request = "The app asked in a way that is not understood here.",
    .bad_scope = "The app asked for more than it registered for.",
    .read = "See everything you see",
    .write = "Post, follow and change things in your name",
    .follow = "Follow, block and mute in your name",
    .push = "Get your notifications pushed",
    .profile = "See your name and profile",
    .admin_read = "See everything moderators see",
    .admin_write = "Moderate in your name",
};

static const struct words german = {
    .lang = "de",
    .log_in = "Anmelden",
    .log_in_for = "Weiter zu",
    .name_or_email = "Name oder E-Mail-Adresse",
    .password = "Passwort",
    .forgot = "Passwort vergessen?",
    .wrong = "Der Name oder das Passwort ist falsch.",
    .unconfirmed = "Deine E-Mail-Adresse ist noch nicht bestätigt: Öffne den Link in der Mail.",
    .pending = "Deine Anfrage wartet noch auf die Moderation.",
    .stale = "Diese Seite war zu lange offen. Bitte versuche es noch einmal.",
    .consent = "Diese App zulassen?",
    .wants = "möchte handeln für",
    .allow = "Zulassen",
    .deny = "Ablehnen",
    .denied = "Du hast die App nicht zugelassen.",
    .other_account = "Ein anderes Konto verwenden",
    .code = "Dein Code",
    .copy_code = "Kopiere diesen Code in die App. Er gilt einmal und zehn Minuten lang.",
    .trouble = "Das hat nicht geklappt",
    .unknown_app = "Die App, von der du kommst, ist in diesem Netzwerk nicht bekannt.",
    .foreign_address = "Die App möchte an einer Adresse weitermachen, die sie nicht angemeldet hat.",
    .bad_request = "Die App hat auf eine Weise gefragt, die hier nicht verstanden wird.",
    .bad_scope = "Die App hat nach mehr gefragt, als sie angemeldet hat.",
    .read = "Alles sehen, was du siehst",
    .write = "In deinem Namen schreiben, folgen und Dinge ändern",
    .follow = "In deinem Namen folgen, blockieren und stummschalten",
    .push = "Deine Mitteilungen zugestellt bekommen",
    .profile = "Deinen Namen und dein Profil sehen",
    .admin_read = "Alles sehen, was die Moderation sieht",
    .admin_write = "In deinem Namen moderieren",
};

const struct words *words_for(struct str lang) { return str_starts_ci(lang, S("de")) ? &german : &english; }

const char *words_scope(const struct words *w, struct str scope) {
	const struct {
		struct str name;
		const char *text;
	} scopes[] = {{S("read"), w->read},       {S("write"), w->write},           {S("follow"), w->follow},          {S("push"), w->push},
	              {S("profile"), w->profile}, {S("admin:read"), w->admin_read}, {S("admin:write"), w->admin_write}};
	for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++)
		if (str_eq(scopes[i].name, scope))
			return scopes[i].text;
	return NULL;
}
