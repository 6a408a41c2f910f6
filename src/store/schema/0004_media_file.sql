-- The files an attachment is made of besides the one its row names: sizes of a picture, renditions of a film, captions.
CREATE TABLE media_file (
	media_id BIGINT NOT NULL,
	name TEXT NOT NULL,          -- what stands behind the attachment's key in the address, as small.jpg, 720.mp4, hls.m3u8
	blob {BYTES} NOT NULL,       -- its bytes' name in the store
	type TEXT NOT NULL,
	size BIGINT NOT NULL,
	PRIMARY KEY (media_id, name)
) {LEAN};

-- What is being made of an attachment. Pictures are ready from the start.
ALTER TABLE media ADD COLUMN state BIGINT NOT NULL DEFAULT 0;   -- 0 ready, 1 waiting, 2 working, 3 failed (store/media.h)
ALTER TABLE media ADD COLUMN stage TEXT;                        -- what is being done now, as 360p; NULL: nothing
ALTER TABLE media ADD COLUMN percent BIGINT NOT NULL DEFAULT 0; -- of all there is to do
ALTER TABLE media ADD COLUMN error TEXT;                        -- why it failed, for the person who uploaded it
ALTER TABLE media ADD COLUMN source_blob {BYTES};               -- the file as it was uploaded, never served; NULL: not needed any more
ALTER TABLE media ADD COLUMN source_size BIGINT NOT NULL DEFAULT 0;
