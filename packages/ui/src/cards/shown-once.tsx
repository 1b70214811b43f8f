import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { useWords } from "../session/context.tsx";
import "./cards.css";

interface ShownOnceProps {
  readonly label: string;
  readonly text: string;
  /** Beside the text, for a camera. */
  readonly children?: ReactNode;
}

/** A secret that is shown now and never again, to be copied. */
export function ShownOnce({ label, text, children }: ShownOnceProps): ReactNode {
  const { t } = useWords();
  const [last, setLast] = useState<string | undefined>(undefined);
  return (
    <div className="dw-sent-form is-row dw-shown-once" role="status">
      <TextInput className="dw-shown-once-text" label={label} value={text} readOnly onFocus={(event) => event.currentTarget.select()} />
      <span className="dw-sent-buttons">
        <Button variant="default" onClick={() => void navigator.clipboard.writeText(text).then(() => setLast(text))}>
          {t(last === text ? "list.copied" : "list.copy")}
        </Button>
      </span>
      {children}
    </div>
  );
}
