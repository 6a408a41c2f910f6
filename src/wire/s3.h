/* The documents of the S3 API ("Amazon S3 API reference": ListObjectsV2, DeleteObjects, CreateMultipartUpload, CompleteMultipartUpload,
 * CopyObject, error responses). No I/O. Any thread.
 *
 * Reading fails (false) on what is not well-formed or has another root: a page of a captive portal is no empty listing. */
#ifndef WIRE_S3_H
#define WIRE_S3_H

#include "base/arena.h"
#include "base/buf.h"

struct s3_item {
	struct str key, etag; /* etag with its quotes, as it stands in headers */
	struct str modified;  /* "2013-05-24T00:00:00.000Z" */
	int64_t size;
};

struct s3_listing {
	struct s3_item *items; /* as the store sorts them: by the bytes of their keys */
	size_t n;
	bool more;
	struct str token; /* of the next page, when there is more */
};

/* Of a ListObjectsV2 asked for with encoding-type=url. */
bool s3_read_listing(struct arena *a, struct str document, struct s3_listing *out);

/* The text of the child `name` of a root element `root`; false when the root is another, *out empty when it has no such child. */
bool s3_read_value(struct arena *a, struct str document, struct str root, struct str name, struct str *out);

/* What DeleteObjects could not delete; none is success. */
struct s3_failure {
	struct str key, code;
};
bool s3_read_failures(struct arena *a, struct str document, struct s3_failure **out, size_t *n);

/* Uploads in parts that were not ended, of a ListMultipartUploads asked for with encoding-type=url: the first page. initiated: as
 * "2013-05-24T00:00:00.000Z". */
struct s3_upload {
	struct str key, id, initiated;
};
bool s3_read_uploads(struct arena *a, struct str document, struct s3_upload **out, size_t *n);

/* Bodies of requests. Keys must be text that XML can carry. */
void s3_put_delete(struct buf *out, const struct str *keys, size_t n);
void s3_put_complete(struct buf *out, const struct str *etags, size_t n);

#endif
