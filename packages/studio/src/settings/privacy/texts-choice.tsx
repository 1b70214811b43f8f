import { Radio } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/ui";

interface TextsChoiceProps {
  readonly label: string;
  readonly value: "erase" | "keep";
  readonly onChange: (value: "erase" | "keep") => void;
}

/** What becomes of the notes of who is erased. */
export function TextsChoice({ label, value, onChange }: TextsChoiceProps): ReactNode {
  const { t } = useWords();
  return (
    <Radio.Group className="dw-erase-choice" label={label} value={value} onChange={(next) => onChange(next === "keep" ? "keep" : "erase")}>
      <Radio value="erase" label={t("settings.eraseTexts.erase")} />
      <Radio value="keep" label={t("settings.eraseTexts.keep")} />
    </Radio.Group>
  );
}
