import { PasswordInput } from "@mantine/core";
import type { ReactNode } from "react";
import { Card, Form, useSentForm, useStudio, useWords } from "@doppelwerk/ui";
import { useOwnAccount } from "./use-own-account.ts";

/** The PIN of who is logged in, for shared terminals alone. */
export default function PinCard(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const account = useOwnAccount();
  const form = useSentForm({ pin: "" }, async ({ pin }) => {
    await studio.client.setPin(pin);
    form.reset();
    studio.notify("good", t("settings.pinSet"));
  });
  if (account === undefined || !account.isOfServer) return null;
  return (
    <Card title={t("settings.pinTitle")}>
      <Form form={form} submit={t("settings.pinSave")} isWhole={form.values.pin.length >= 4}>
        <PasswordInput
          label={t("settings.pin")}
          description={t("settings.pinHint")}
          inputMode="numeric"
          autoComplete="off"
          maxLength={12}
          {...form.field("pin")}
        />
      </Form>
    </Card>
  );
}
