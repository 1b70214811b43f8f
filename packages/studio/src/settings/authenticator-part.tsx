import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { LoggedIn } from "@doppelwerk/client";
import { Form, useSentForm, useStudio, useTask, useWords } from "@doppelwerk/ui";
import { RecoveryCodes } from "../passkeys/recovery-codes.tsx";
import { QrPicture } from "./qr-picture.tsx";

type Step =
  | { readonly kind: "idle" }
  | { readonly kind: "password" }
  | { readonly kind: "code"; readonly secret: string; readonly address: string }
  | { readonly kind: "recovery"; readonly codes: readonly string[] }
  | { readonly kind: "remove" };

/** An authenticator for the account that is logged in: a second thing to have beside the password. */
export function AuthenticatorPart({ person, onChanged }: { readonly person: LoggedIn; readonly onChanged: () => void }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const [step, setStep] = useState<Step>({ kind: "idle" });
  const task = useTask();
  // who has no password is asked for a fresh proof of presence
  const offer = (password: string): void => task.run(async () => setStep({ kind: "code", ...(await client.offerAuthenticator(password)) }));
  const begin = (): void => {
    if (person.authenticator) setStep({ kind: "remove" });
    else if (person.password) setStep({ kind: "password" });
    else offer("");
  };
  switch (step.kind) {
    case "password":
      return (
        <Ask
          label={t("settings.presentPassword")}
          action={t("settings.authenticatorAdd")}
          isSecret
          onEntered={async (password) => setStep({ kind: "code", ...(await client.offerAuthenticator(password)) })}
        />
      );
    case "code":
      return (
        <div className="dw-authenticator">
          <p className="dw-fine">{t("settings.authenticatorScan")}</p>
          <QrPicture text={step.address} label={t("settings.authenticatorPicture")} />
          <code className="dw-breaks">{step.secret}</code>
          <Ask
            label={t("settings.authenticatorCode")}
            action={t("settings.authenticatorConfirm")}
            onEntered={async (code) => setStep({ kind: "recovery", codes: (await client.confirmAuthenticator(code)).recoveryCodes })}
          />
        </div>
      );
    case "recovery":
      return (
        <RecoveryCodes
          codes={step.codes}
          onDone={() => {
            setStep({ kind: "idle" });
            onChanged();
          }}
        />
      );
    case "remove":
      return (
        <Ask
          label={t("login.code")}
          action={t("settings.authenticatorRemove")}
          onEntered={async (code) => {
            await client.removeAuthenticator(code);
            setStep({ kind: "idle" });
            onChanged();
          }}
        />
      );
    case "idle":
      return <Present person={person} onPressed={begin} />;
  }
}

function Present({ person, onPressed }: { readonly person: LoggedIn; readonly onPressed: () => void }): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-account">
      <small className="dw-quiet">
        {person.authenticator ? t("settings.authenticatorOn", { count: person.recoveryCodes }) : t("settings.authenticatorOff")}
      </small>
      <Button size="compact-sm" variant="default" onClick={onPressed}>
        {t(person.authenticator ? "settings.authenticatorRemove" : "settings.authenticatorAdd")}
      </Button>
    </div>
  );
}

interface AskProps {
  readonly label: string;
  readonly action: string;
  readonly isSecret?: boolean;
  readonly onEntered: (text: string) => Promise<void>;
}

function Ask({ label, action, isSecret = false, onEntered }: AskProps): ReactNode {
  const form = useSentForm({ text: "" }, ({ text }) => onEntered(text));
  return (
    <Form form={form} submit={action} isWhole={form.values.text.trim() !== ""}>
      {isSecret ? (
        <PasswordInput label={label} autoFocus autoComplete="current-password" {...form.field("text")} />
      ) : (
        <TextInput label={label} autoFocus autoComplete="one-time-code" {...form.field("text")} />
      )}
    </Form>
  );
}
