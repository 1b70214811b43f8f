import { Button, PasswordInput } from "@mantine/core";
import type { ReactNode } from "react";
import { Card, Form, useSentForm, useStudio, useTask, useWords } from "@doppelwerk/ui";
import { NewPassword } from "../login/new-password.tsx";
import { CompanyPart } from "./company-part.tsx";
import { RoleNames } from "./role-names.tsx";
import type { OwnAccount } from "./use-own-account.ts";

/** Who is logged in: roles, another password, and the way out. */
export function AccountCard({ person, own, isOfServer, onChanged }: OwnAccount): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const task = useTask((_, error) => studio.notifyFailure(error));
  const logOut = (): void =>
    task.run(async () => {
      await studio.client.logOut();
      // whoever logs in next at this browser is not let through as the one before
      location.assign(own?.logoutUrl ?? "/");
    });
  return (
    <Card title={t("settings.account")} note={person.login}>
      <div className="dw-account">
        <span>
          {person.name}{" "}
          <small className="dw-quiet">
            <RoleNames roles={person.roles} />
          </small>
        </span>
        <Button size="compact-sm" variant="default" loading={task.busy} onClick={logOut}>
          {t("settings.logOut")}
        </Button>
      </div>
      {isOfServer && <ChangePassword hasPassword={person.password} words={[person.login, person.name]} onChanged={onChanged} />}
      {own !== undefined && <CompanyPart own={own} onChanged={onChanged} />}
    </Card>
  );
}

interface ChangePasswordProps {
  readonly hasPassword: boolean;
  readonly words: readonly string[];
  readonly onChanged: () => void;
}

function ChangePassword({ hasPassword, words, onChanged }: ChangePasswordProps): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const form = useSentForm({ password: "", next: "" }, async ({ password, next }) => {
    await studio.client.changePassword(password, next);
    form.reset();
    onChanged();
    studio.notify("good", t("settings.passwordChanged"));
  });
  const { password, next } = form.values;
  return (
    <Form
      form={form}
      submit={t(hasPassword ? "settings.changePassword" : "settings.setPassword")}
      isWhole={(!hasPassword || password !== "") && next !== ""}
    >
      {hasPassword && <PasswordInput label={t("settings.presentPassword")} autoComplete="current-password" {...form.field("password")} />}
      <NewPassword words={words} {...form.field("next")} />
    </Form>
  );
}
