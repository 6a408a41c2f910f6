/* Notification (Mastodon API) and the keys of groups. */
#ifndef API_VIEW_NOTIFICATION_H
#define API_VIEW_NOTIFICATION_H

#include "gate/gate.h"
#include "store/notification.h"

/* Appends the entity for its owner, who is the viewer; false and nothing when who did it or what it is about may not be seen (any more). */
bool view_notification(struct rq *rq, struct buf *out, const struct notification *n);
/* What an entity has beside who, when and which: ,"report":{…} or ,"moderation_warning":{…}, or nothing. */
void view_notification_extra(struct rq *rq, struct buf *out, const struct notification *n);

/* "favourite-POST-BUCKET", "follow-BUCKET", "ungrouped-ID". grouped false makes the last form of any. */
void view_group_key(struct buf *out, const struct notification *n, bool grouped);
/* Back again; of "ungrouped-ID" only the id is known: *ungrouped_id is set and the group is not. */
bool group_key_parse(struct str key, struct notification_group *out, int64_t *ungrouped_id);

#endif
