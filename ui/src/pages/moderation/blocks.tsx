// Mail domains and network addresses that may not sign up or not come in.
import { useState } from "preact/hooks";
import { api } from "../../api/client";
import type { IpBlock, MailDomainBlock } from "../../api/types";
import { m } from "../../i18n";
import { complain } from "../../state/notices";
import { Button, Empty, Field, IconButton, Time } from "../../parts/basics";
import { FormTrouble, TextField, useSubmit } from "../../parts/form";
import { Load, useLoad } from "../../parts/load";
import { ModerationPage } from "./frame";

export function MailDomains() {
  const blocks = useLoad<MailDomainBlock[]>(() => api.v1.admin.emailDomainBlocks.list({ limit: 200 }), []);
  const [domain, setDomain] = useState("");
  const form = useSubmit(async () => {
    await api.v1.admin.emailDomainBlocks.create({ domain: domain.trim() });
    setDomain("");
    blocks.reload();
  });
  const remove = (id: string): void => void api.v1.admin.emailDomainBlocks.$select(id).remove().then(blocks.reload, complain);
  return (
    <ModerationPage title={m.moderation.mailDomains}>
      <form class="sheet form" onSubmit={form.submit}>
        <p class="hint">{m.moderation.mailDomainsText}</p>
        <FormTrouble text={form.trouble} />
        <TextField
          label={m.moderation.domain}
          value={domain}
          set={setDomain}
          errors={form.errors.domain}
          required
          placeholder="example.com"
        />
        <div class="row row-end">
          <Button kind="main" type="submit" busy={form.busy}>
            {m.moderation.blockIt}
          </Button>
        </div>
      </form>
      <Load from={blocks}>
        {(found) =>
          found.length === 0 ? (
            <Empty icon="mailBlock" title={m.moderation.noDomains} />
          ) : (
            <ul class="sheet rows">
              {found.map((block) => (
                <li key={block.id} class="row-item">
                  <span class="row-words">
                    <strong>{block.domain}</strong>
                    <small>
                      <Time iso={block.createdAt} />
                    </small>
                  </span>
                  <IconButton icon="trash" label={m.moderation.unblock(block.domain)} onClick={() => remove(block.id)} />
                </li>
              ))}
            </ul>
          )
        }
      </Load>
    </ModerationPage>
  );
}

type Severity = IpBlock["severity"];
const SEVERITIES: Severity[] = ["sign_up_requires_approval", "sign_up_block", "no_access"];
const LIFETIMES = [86_400, 604_800, 2_592_000, 31_536_000] as const;

export function Addresses() {
  const blocks = useLoad<IpBlock[]>(() => api.v1.admin.ipBlocks.list({ limit: 200 }), []);
  const [ip, setIp] = useState("");
  const [severity, setSeverity] = useState<Severity>("sign_up_block");
  const [comment, setComment] = useState("");
  const [life, setLife] = useState("");
  const form = useSubmit(async () => {
    await api.v1.admin.ipBlocks.create({ ip: ip.trim(), severity, comment, ...(life && { expiresIn: Number(life) }) });
    setIp("");
    setComment("");
    blocks.reload();
  });
  const remove = (id: string): void => void api.v1.admin.ipBlocks.$select(id).remove().then(blocks.reload, complain);
  return (
    <ModerationPage title={m.moderation.addresses}>
      <form class="sheet form" onSubmit={form.submit}>
        <FormTrouble text={form.trouble} />
        <TextField
          label={m.moderation.addressRange}
          value={ip}
          set={setIp}
          errors={form.errors.ip}
          required
          placeholder="203.0.113.0/24"
          hint={m.moderation.addressHint}
        />
        <Field label={m.moderation.severity}>
          {(ids) => (
            <select {...ids} value={severity} onChange={(event) => setSeverity(event.currentTarget.value as Severity)}>
              {SEVERITIES.map((each) => (
                <option key={each} value={each}>
                  {m.moderation.severities[each]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={m.settings.validFor}>
          {(ids) => (
            <select {...ids} value={life} onChange={(event) => setLife(event.currentTarget.value)}>
              <option value="">{m.settings.noLimit}</option>
              {LIFETIMES.map((each) => (
                <option key={each} value={each}>
                  {m.duration(each)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <TextField label={m.moderation.comment} value={comment} set={setComment} maxLength={500} />
        <div class="row row-end">
          <Button kind="main" type="submit" busy={form.busy}>
            {m.moderation.blockIt}
          </Button>
        </div>
      </form>
      <Load from={blocks}>
        {(found) =>
          found.length === 0 ? (
            <Empty icon="network" title={m.moderation.noAddresses} />
          ) : (
            <ul class="sheet rows">
              {found.map((block) => (
                <li key={block.id} class="row-item">
                  <span class="row-words">
                    <strong>{block.ip}</strong>
                    <small>
                      {m.moderation.severities[block.severity]}
                      {block.comment && ` · ${block.comment}`}
                    </small>
                  </span>
                  <IconButton icon="trash" label={m.moderation.unblock(block.ip)} onClick={() => remove(block.id)} />
                </li>
              ))}
            </ul>
          )
        }
      </Load>
    </ModerationPage>
  );
}
