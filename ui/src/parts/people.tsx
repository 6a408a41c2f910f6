// People: the follow button, the row in a list, and what can be done with a person.
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { Account } from "../api/types";
import { m } from "../i18n";
import { follow, unblock, unfollow, unmute } from "../state/actions";
import { needRelationship, relationshipSignal } from "../state/entities";
import { me } from "../state/session";
import { Avatar, Button, profilePath } from "./basics";
import { ask } from "./dialog";
import { Icon } from "./icon";
import { askToJoin } from "./post-menu";
import { Name, nameOf, plainText } from "./rich";

export function FollowButton({ account, small = false }: { account: Account; small?: boolean }) {
  const loggedIn = me.value !== null;
  useEffect(() => {
    if (loggedIn) needRelationship(account.id);
  }, [account.id, loggedIn]);
  const relationship = relationshipSignal(account.id).value;
  if (account.id === me.value?.id) return null;
  if (!loggedIn)
    return (
      <Button kind="main" small={small} onClick={askToJoin}>
        {m.profile.follow}
      </Button>
    );
  if (!relationship)
    return (
      <Button kind="soft" small={small} disabled>
        {m.profile.follow}
      </Button>
    );
  if (relationship.blocking)
    return (
      <Button kind="danger" small={small} onClick={() => unblock(account.id)}>
        {m.profile.unblock}
      </Button>
    );
  if (relationship.muting)
    return (
      <Button small={small} icon="unmute" onClick={() => unmute(account.id)}>
        {m.profile.unmute}
      </Button>
    );
  if (relationship.requested)
    return (
      <Button small={small} icon="clock" onClick={() => unfollow(account.id)}>
        {m.profile.requested}
      </Button>
    );
  if (!relationship.following)
    return (
      <Button kind="main" small={small} onClick={() => follow(account)}>
        {relationship.followedBy ? m.profile.followBack : m.profile.follow}
      </Button>
    );
  const leave = (): void =>
    ask({
      title: m.profile.unfollowTitle(nameOf(account)),
      text: m.profile.unfollowText,
      yes: m.profile.unfollow,
      run: () => unfollow(account.id),
    });
  return (
    <Button small={small} icon="following" onClick={leave}>
      {m.profile.following}
    </Button>
  );
}

export function Person({ account, children, note = false }: { account: Account; children?: ComponentChildren; note?: boolean }) {
  return (
    <div class="person">
      <a class="person-link" href={profilePath(account)}>
        <Avatar account={account} />
        <span class="person-words">
          <span class="person-name">
            <Name account={account} />
            {account.locked && <Icon name="lock" label={m.profile.locked} />}
            {account.bot && <Icon name="bot" label={m.profile.bot} />}
          </span>
          <span class="person-acct">@{account.acct}</span>
          {note && account.note && <span class="person-note">{plainText(account.note)}</span>}
        </span>
      </a>
      <div class="person-acts">{children ?? <FollowButton account={account} small />}</div>
    </div>
  );
}
