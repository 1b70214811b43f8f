import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Dialog, useWords } from "@doppelwerk/kit/studio";

/** Asks for the reason of an act that ISA-18.2 wants one for. */
export function ReasonDialog({
  title,
  text,
  onClose,
  onReason,
}: {
  readonly title: string;
  readonly text: string;
  readonly onClose: () => void;
  readonly onReason: (reason: string) => void;
}): ReactNode {
  const { t } = useWords();
  const [reason, setReason] = useState("");
  return (
    <Dialog opened onClose={onClose} title={title} centered size={400}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onReason(reason);
          onClose();
        }}
      >
        <p className="dw-quiet">{text}</p>
        <TextInput
          data-autofocus
          label={t("alarms.reason")}
          required
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div className="dw-dialog-foot">
          <Button variant="default" onClick={onClose}>
            {t("frame.cancel")}
          </Button>
          <Button type="submit" disabled={reason.trim() === ""}>
            {title}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
