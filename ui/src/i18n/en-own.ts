// English words of the owner's page "Independence"; parties and sayings by the ids of src/ops/doctor.def.
const ago = (n: number): string => (n < 1 ? "today" : `${days(n)} ago`);
const days = (n: number): string => (n === 1 ? "one day" : `${n} days`);

export const independence = {
  title: "Independence",
  intro: "Everybody outside this house on whom it depends: whether they answer, what stops when they go, and what to do about it today.",
  looking: "Everybody is being asked. That takes five seconds at most.",
  again: "Ask again",
  dependencies: "Dependencies",
  status: {
    fine: "All is well",
    care: "Something is to do",
    broken: "Something is gone",
  },
  statusText: {
    fine: "Everybody answers, and nothing hangs on one thread.",
    care: "All that is needed works. Some of it would not for long, or hangs on one thread.",
    broken: "See to that first. What depends on it has stopped.",
  },
  drill: {
    title: "The last rehearsal of leaving",
    good: (date: string) => `On ${date} a copy of this network was made, opened and tried.`,
    bad: (date: string, why: string) => `On ${date} it failed: ${why}`,
    found: (rows: string, files: string, compared: number, lost: number) =>
      `${rows} rows and ${files} files were copied; ${compared} rows drawn at random were compared, ${lost === 0 ? "and all were there as they are here" : `and ${lost} were missing or others`}.`,
    copy: "Copied",
    open: "Opened",
    write: "First new post",
    seconds: (n: string) => `${n} s`,
  },
  severity: { fine: "Well", care: "To do", broken: "Gone" },
  stops: "If it goes",
  today: "Today",
  parties: {
    dns: {
      title: "Name service (DNS)",
      stops: "Nobody finds the network any more: what apps and browsers remember of the name lasts minutes, at most hours.",
      today:
        "Keep the zone as a file of your own, know a second DNS provider, and let the address live for 300 seconds at most, so that a move takes minutes.",
    },
    registrar: {
      title: "Registrar of the domain",
      stops: "The name itself, and with it everybody’s handle. Nothing else here can replace it.",
      today: "Pay years ahead, lock the transfer, and keep the log-in where you reach it without mail of this domain.",
    },
    address: {
      title: "Public address",
      stops: "Apps and browsers reach nothing, although all is well inside.",
      today: "Know how to do without your front: server.listen and a certificate of your own are three lines of the settings.",
    },
    certificate: {
      title: "Certificate",
      stops: "On the day it ends browsers and apps refuse to connect.",
      today: "Let a timer renew it, watch the days that are left, and know a second authority that would give you one.",
    },
    database: {
      title: "Database",
      stops: "Everything: nothing can be read or written.",
      today: "Keep backups elsewhere (freehold backup) or a standby (freehold standby), and try once whether a network starts from it.",
    },
    store: {
      title: "Store of pictures and films",
      stops: "Pictures and films are not shown and cannot be posted. Words go on.",
      today: "Copy the media elsewhere now and then: freehold copy FROM TO. To leave for good: freehold media migrate --to STORE.",
    },
    backup: {
      title: "Backups",
      stops: "What this machine has is then all there is: with its disks everything goes.",
      today: "Make them by themselves, at somebody else’s (backup.to, backup.key), and keep the key file in a third place.",
    },
    standby: {
      title: "Standby",
      stops: "Taking over then means restoring a backup: minutes to hours, and the last seconds may be missing.",
      today: "Let a machine at another provider keep a copy (freehold standby invite), and know how it takes over: freehold promote.",
    },
    rehearsal: {
      title: "Rehearsal of leaving",
      stops: "Then the first time that anybody tries to leave is the day on which it has to work.",
      today: "Rehearse: freehold drill does it beside the running network and touches nothing; drill.every has it done by itself.",
    },
    mail: {
      title: "Mail",
      stops: "Confirmations and new passwords wait here in a queue, and nobody new gets in until a route is back.",
      today: "Have routes at two providers and your own last: mail.route = sendmail. Any of them can then go at any hour.",
    },
    sms: {
      title: "Text messages",
      stops: "Codes for telephones wait here in a queue, and nobody new gets in until a route is back.",
      today: "Have routes at two providers and your own modem last: sms.route = gammu:/FILE. Any of them can then go at any hour.",
    },
    clock: {
      title: "Time",
      stops: "When the clock is off by minutes, certificates look ended, object stores refuse us and posts stand in the wrong order.",
      today: "Run a time service (chrony, systemd-timesyncd) that asks several servers.",
    },
  },
  sayings: {
    answers: (_n: number, _what: string) => "answers",
    inside: (_n: number, _what: string) => "is a part of this machine: nobody else is needed",
    silent: (_n: number, what: string) => `does not answer: ${what}`,
    unsure: (_n: number, what: string) => `cannot be reached from here: ${what}`,
    leads: (_n: number, what: string) => `leads to ${what}`,
    no_domain: (_n: number, _what: string) => "No domain is set (server.domain): the network can be found under an address only",
    not_told: (_n: number, _what: string) =>
      "Nobody has said who holds the name and until when (server.registrar, server.registered_until)",
    held: (n: number, _what: string) => `holds the name for ${days(n)} more`,
    held_short: (n: number, _what: string) => `holds the name for ${days(n)} more only`,
    held_over: (n: number, _what: string) => `the name was paid for until ${days(n)} ago`,
    good: (n: number, _what: string) => `is good for ${days(n)}`,
    ends: (n: number, _what: string) => `is good for ${days(n)} only: it should have been renewed by now`,
    ended: (n: number, _what: string) => `ended ${days(n)} ago`,
    unreadable: (_n: number, what: string) => `cannot be used: ${what}`,
    route_silent: (_n: number, what: string) => `does not answer, and the others carry its mails: ${what}`,
    one_route: (_n: number, _what: string) => "is the only route: when it goes, nobody new gets in",
    no_route: (_n: number, _what: string) => "No route is set (mail.route): mails are written to files, which somebody must carry on",
    not_needed: (_n: number, _what: string) => "No route is set, and nobody has to confirm an address",
    mails_wait: (n: number, _what: string) => (n === 1 ? "One mail waits to be sent" : `${n} mails wait to be sent`),
    sms_silent: (_n: number, what: string) => `does not answer, and the others carry its text messages: ${what}`,
    no_sms: (_n: number, _what: string) => "No route is set (sms.route), and nobody has to confirm a telephone",
    sms_wait: (n: number, _what: string) => (n === 1 ? "One text message waits to be sent" : `${n} text messages wait to be sent`),
    sms_capped: (n: number, _what: string) =>
      `${n} text messages were sent today, and more may not be (sms.per_day): others wait until tomorrow`,
    no_backup: (_n: number, _what: string) => "None are made by themselves (backup.to)",
    no_place: (_n: number, what: string) => `no backup can be made there now: ${what}`,
    backup_never: (_n: number, _what: string) => "has no backup yet",
    backup_made: (n: number, _what: string) => `got the last one ${n < 1 ? "within the hour" : n === 1 ? "an hour ago" : `${n} hours ago`}`,
    backup_old: (n: number, _what: string) => `got the last one ${n} hours ago, which is too long`,
    backup_unread: (_n: number, _what: string) => "None was ever restored to see whether it is whole (backup.verify)",
    backup_read: (n: number, _what: string) => `The newest was restored ${ago(n)}, compared, and found whole`,
    backup_unsound: (_n: number, _what: string) => "The newest that was restored to compare it was not whole: the log says what is wrong",
    no_standby: (_n: number, _what: string) => "No other machine keeps a copy that could take over",
    follows: (n: number, _what: string) => `follows, heard ${n < 1 ? "a moment" : n === 1 ? "a second" : `${n} seconds`} ago`,
    standby_behind: (n: number, _what: string) => `follows, and is ${n === 1 ? "a minute" : `${n} minutes`} behind`,
    standby_silent: (n: number, _what: string) =>
      `was not heard for ${n === 1 ? "a minute" : `${n} minutes`}: what was written since is not there`,
    no_lease: (_n: number, _what: string) =>
      "standby.lease is not set: if the line between the two is cut and the copy is promoted by force, both take writes until they hear of each other, and what came after its last entry is not in it",
    lease_over: (n: number, _what: string) => `No standby was heard for ${n} seconds, so nothing can be written (standby.lease)`,
    never_rehearsed: (_n: number, _what: string) => "Nobody has tried yet whether this network starts elsewhere (freehold drill)",
    rehearsed: (n: number, _what: string) => `It worked ${ago(n)}`,
    rehearsed_long_ago: (n: number, _what: string) => `It worked, but that was ${ago(n)}`,
    rehearsal_failed: (n: number, _what: string) => `The last one, ${ago(n)}, failed: freehold drill shows why`,
    in_step: (_n: number, _what: string) => "The clock is kept in step with others",
    adrift: (_n: number, _what: string) => "Nothing keeps the clock in step with others",
  },
};
