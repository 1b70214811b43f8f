import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import type { ReactNode } from "react";
import { lengthOf, PASSWORD_MIN, strengthOfPassword, type PasswordStrength } from "@doppelwerk/trust/passwords";
import { useWords } from "@doppelwerk/ui";
import "./login.css";

const LEVELS = [1, 2, 3] as const;

interface NewPasswordProps extends PasswordInputProps {
  readonly value?: string;
  /** What others know of the account: its login and name. */
  readonly words: readonly string[];
}

/** A field for a password that is chosen, with how strong it is: what the server would refuse, and else how long it is. */
export function NewPassword({ words, value = "", ...input }: NewPasswordProps): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-new-password">
      <PasswordInput
        label={t("login.newPassword")}
        description={t("login.newPasswordHint")}
        {...input}
        value={value}
        autoComplete="new-password"
      />
      {value !== "" && (
        <Strength
          strength={strengthOfPassword(
            value,
            words.flatMap((word) => word.split(" ")),
          )}
          length={lengthOf(value)}
        />
      )}
    </div>
  );
}

function Strength({ strength: { level, fault }, length }: { readonly strength: PasswordStrength; readonly length: number }): ReactNode {
  const { t } = useWords();
  const text =
    fault === "tooShort"
      ? t("login.strength.tooShort", { count: length, min: PASSWORD_MIN })
      : t(`login.strength.${fault ?? `level${level as 1 | 2 | 3}`}`);
  return (
    <p className={`dw-strength is-level-${level}`}>
      <span role="meter" aria-label={t("login.strength")} aria-valuemin={0} aria-valuemax={3} aria-valuenow={level} aria-valuetext={text}>
        {LEVELS.map((each) => (
          <i key={each} className={each <= level ? "is-on" : ""} />
        ))}
      </span>
      <small role="status">{text}</small>
    </p>
  );
}
