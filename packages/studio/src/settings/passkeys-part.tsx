import { TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { LoggedIn, Passkey } from "@doppelwerk/client";
import { datedText, Form, LoadedPart, RowActions, useLoad, useSentForm, useStudio, useWords } from "@doppelwerk/ui";
import { RecoveryCodes } from "../passkeys/recovery-codes.tsx";
import { makePasskey, wasGivenUp, whyNoPasskeys } from "../passkeys/passkey-support.ts";

/** The passkeys of who is logged in, and the way to do without a password. */
export function PasskeysPart({ person, onChanged }: { readonly person: LoggedIn; readonly onChanged: () => void }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const loaded = useLoad((signal) => client.passkeys({ signal }), []);
  const reload = (): void => {
    loaded.reload();
    onChanged();
  };
  return (
    <LoadedPart loaded={loaded}>
      {(passkeys) => (
        <>
          {passkeys.length === 0 ? (
            <p className="dw-fine">{t("passkeys.none")}</p>
          ) : (
            <ul className="dw-passkey-list">
              {passkeys.map((passkey) => (
                <Listed key={passkey.id} passkey={passkey} onRemoved={reload} />
              ))}
            </ul>
          )}
          <NewPasskey onAdded={reload} />
          {passkeys.length > 0 && <WithoutPassword person={person} onChanged={reload} />}
        </>
      )}
    </LoadedPart>
  );
}

function Listed({ passkey, onRemoved }: { readonly passkey: Passkey; readonly onRemoved: () => void }): ReactNode {
  const { client, now } = useStudio();
  const { t, zone, language } = useWords();
  const { name, host, created, used, suspect } = passkey;
  const day = (iso: string): string => datedText(Date.parse(iso) * 1_000, now(), zone, language);
  const notes = [
    t("passkeys.added", { time: day(created) }),
    used === undefined ? t("passkeys.neverUsed") : t("passkeys.used", { time: day(used) }),
    host !== location.hostname && t("passkeys.elsewhere", { host }),
  ];
  return (
    <li>
      <span>
        {name} <small className="dw-quiet">{notes.filter(Boolean).join(" · ")}</small>
        {suspect !== undefined && <p className="dw-fine">{t("passkeys.suspect", { time: day(suspect) })}</p>}
      </span>
      <RowActions
        onDone={onRemoved}
        actions={[
          {
            label: t("settings.removeAccount"),
            question: { title: t("passkeys.removeTitle"), text: t("passkeys.removeText", { name }) },
            run: () => client.removePasskey(passkey.id),
          },
        ]}
      />
    </li>
  );
}

function NewPasskey({ onAdded }: { readonly onAdded: () => void }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const form = useSentForm({ name: "" }, async ({ name }) => {
    const made = await madeUnlessGivenUp(await client.offerPasskey());
    if (made === undefined) return;
    await client.addPasskey(name, made);
    form.reset();
    onAdded();
  });
  const why = whyNoPasskeys();
  if (why !== undefined) return <p className="dw-fine">{t(`passkeys.why.${why}`)}</p>;
  return (
    <Form form={form} submit={t("passkeys.add")} isWhole={form.values.name.trim() !== ""}>
      <TextInput label={t("passkeys.name")} placeholder={t("passkeys.nameHint")} maxLength={60} {...form.field("name")} />
    </Form>
  );
}

async function madeUnlessGivenUp(options: Parameters<typeof makePasskey>[0]): Promise<object | undefined> {
  try {
    return await makePasskey(options);
  } catch (error) {
    if (wasGivenUp(error)) return undefined;
    throw error;
  }
}

/** Recovery codes are the way back of who has no password, so they come first. */
function WithoutPassword({ person, onChanged }: { readonly person: LoggedIn; readonly onChanged: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [codes, setCodes] = useState<readonly string[] | undefined>(undefined);
  if (codes !== undefined)
    return (
      <RecoveryCodes
        codes={codes}
        onDone={() => {
          setCodes(undefined);
          onChanged();
        }}
      />
    );
  return (
    <div className="dw-account">
      <small className="dw-quiet">
        {t(person.password ? "passkeys.passwordOn" : "passkeys.passwordOff", { count: person.recoveryCodes })}
      </small>
      <RowActions
        actions={[
          {
            label: t("passkeys.newCodes"),
            run: async () => setCodes((await studio.client.renewRecoveryCodes()).recoveryCodes),
          },
          person.password &&
            person.recoveryCodes > 0 && { label: t("passkeys.turnOff"), run: () => studio.client.removePassword().then(onChanged) },
        ]}
      />
    </div>
  );
}
