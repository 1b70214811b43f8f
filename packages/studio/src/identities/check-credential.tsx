import { Textarea } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { CredentialVerdict } from "@doppelwerk/client";
import { datedText, Form, useSentForm, useStudio, useWords } from "@doppelwerk/ui";
import { shortDid, momentOf } from "./short-did.ts";

/** Whether a credential that somebody sent holds here. */
export function CheckCredential(): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const [verdict, setVerdict] = useState<CredentialVerdict | undefined>(undefined);
  const form = useSentForm({ credential: "" }, async ({ credential }) => setVerdict(await client.verifyCredential(credential.trim())));
  return (
    <>
      <Form form={form} submit={t("settings.credential.checkIt")} layout="column" isWhole={form.values.credential.trim() !== ""}>
        <Textarea label={t("settings.credential.pasted")} rows={4} maxLength={20_000} spellCheck={false} {...form.field("credential")} />
      </Form>
      {verdict !== undefined && <Verdict {...verdict} />}
    </>
  );
}

function Verdict({ holds, refused, issuer, issuerName, types = [], subject = {}, validUntil, statusAt }: CredentialVerdict): ReactNode {
  const studio = useStudio();
  const { t, zone, language } = useWords();
  const time = (iso: string): string => datedText(momentOf(iso), studio.now(), zone, language);
  if (!holds)
    return (
      <p role="status">
        <IconCircleX size={16} aria-hidden /> {t("settings.credential.holdsNot")}{" "}
        <span className="dw-credential-facts">{refused?.reason}</span>
      </p>
    );
  return (
    <div role="status">
      <p>
        <IconCircleCheck size={16} aria-hidden /> {t("settings.credential.holds")}
      </p>
      <dl className="dw-facts dw-credential-facts">
        <dt>{t("settings.credential.issuer")}</dt>
        <dd title={issuer}>{[issuerName ?? t("settings.credential.thisServer"), shortDid(issuer ?? "")].join(" · ")}</dd>
        <dt>{t("settings.credential.types")}</dt>
        <dd>{types.filter((type) => type !== "VerifiableCredential").join(", ")}</dd>
        {Object.entries(subject).map(([name, value]) => (
          <Said key={name} name={name} value={value} />
        ))}
        <dt>{t("settings.credential.validUntil")}</dt>
        <dd>{validUntil === undefined ? "–" : time(validUntil)}</dd>
        <dt>{t("settings.credential.statusOf")}</dt>
        <dd>{statusAt === undefined ? "–" : time(statusAt)}</dd>
      </dl>
    </div>
  );
}

/** What the issuer says, in its own words. */
function Said({ name, value }: { readonly name: string; readonly value: unknown }): ReactNode {
  return (
    <>
      <dt>{name}</dt>
      <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
    </>
  );
}
