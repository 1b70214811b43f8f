import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { CredentialList } from "@doppelwerk/client";
import { Form, Heading, HeadingLevel, LoadedCard, useLoad, useSentForm, useStudio, useWords } from "@doppelwerk/ui";
import { CheckCredential } from "./check-credential.tsx";
import { IssuedCredentials } from "./issued-credentials.tsx";
import { shortDid } from "./short-did.ts";
import { TrustedIssuers } from "./trusted-issuers.tsx";
import "./identities.css";

/** Credentials that this server issues, and whose it takes. */
export default function CredentialsCard(): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const credentials = useLoad((signal) => client.credentials({ signal }), []);
  return (
    <LoadedCard
      title={t("settings.credential.title")}
      note={({ did }) => <span className="dw-credential-facts">{shortDid(did)}</span>}
      loaded={credentials}
    >
      {(list) => (
        <div className="dw-credential-parts">
          <p className="dw-fine">{t("settings.credential.about")}</p>
          <Publication key={list.publishedAs ?? ""} list={list} onChanged={credentials.reload} />
          <HeadingLevel>
            <Heading>{t("settings.credential.issued")}</Heading>
            <IssuedCredentials list={list} onChanged={credentials.reload} />
            <Heading>{t("settings.credential.trusted")}</Heading>
            <TrustedIssuers list={list} onChanged={credentials.reload} />
            <Heading>{t("settings.credential.check")}</Heading>
            <CheckCredential />
          </HeadingLevel>
        </div>
      )}
    </LoadedCard>
  );
}

interface PartProps {
  readonly list: CredentialList;
  readonly onChanged: () => void;
}

function Publication({ list: { publishedAs = "" }, onChanged }: PartProps): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const form = useSentForm({ host: publishedAs }, async ({ host }) => {
    await client.publishServer(host.trim() === "" ? undefined : host.trim());
    onChanged();
  });
  return (
    <Form form={form} submit={t("settings.credential.publish")} isWhole={form.isChanged}>
      <TextInput
        label={t("settings.credential.host")}
        description={t("settings.credential.hostHint")}
        placeholder="plant.example:8443"
        maxLength={300}
        {...form.field("host")}
      />
    </Form>
  );
}
