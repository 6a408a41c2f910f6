-- APP_BY_ID: a client application.
SELECT id, client_id, secret_hash, name, website, redirect_uris, scopes FROM app WHERE id = $1;

-- APP_BY_CLIENT: the same, by the name it gives itself to the token endpoint.
SELECT id, client_id, secret_hash, name, website, redirect_uris, scopes FROM app WHERE client_id = $1;

-- APP_INSERT: a new one.
INSERT INTO app (id, client_id, secret_hash, name, website, redirect_uris, scopes) VALUES ($1, $2, $3, $4, $5, $6, $7);
