import { Button, NumberInput, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { Dialog, inLanguage, useWords } from "@doppelwerk/kit/studio";
import type { TerminalPicture } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { Terminal } from "./use-terminal.ts";

interface Props {
  readonly station: string;
  readonly picture: TerminalPicture;
  readonly serial: string | undefined;
  readonly terminal: Terminal;
  readonly onClose: () => void;
}

/** What is wrong with a part: a tap on the defect enters it, with the part and the order that are here now. */
export function DefectDialog({ station, picture, serial, terminal, onClose }: Props): ReactNode {
  const { t, language } = useWords();
  const [part, setPart] = useState(serial ?? "");
  const [count, setCount] = useState<number>(1);
  const [order] = picture.orders ?? [];
  const enter = (code: string): void => {
    const isKept = terminal.enter({
      kind: "defect",
      station,
      code,
      count: part.trim() === "" ? count : 1,
      ...(part.trim() !== "" && { serial: part.trim() }),
      ...(order?.isRunning === true && { order: order.id, product: order.product }),
    });
    if (isKept) onClose();
  };
  return (
    <Dialog opened onClose={onClose} title={t("stationTerminal.defect")} fullScreen>
      <div className="dw-ts-fields">
        <TextInput
          size="lg"
          label={t("stationTerminal.serial")}
          value={part}
          maxLength={200}
          autoComplete="off"
          onChange={({ currentTarget: { value } }) => setPart(value)}
        />
        {part.trim() === "" && (
          <NumberInput
            size="lg"
            label={t("stationTerminal.count")}
            value={count}
            min={1}
            max={10_000}
            allowDecimal={false}
            onChange={(value) => setCount(Math.min(10_000, Math.max(1, Math.round(Number(value)) || 1)))}
          />
        )}
      </div>
      <div className="dw-ts-grid">
        {picture.defects.map(({ code, title }) => (
          <Button key={code} variant="default" onClick={() => enter(code)}>
            {inLanguage(title, language)}
          </Button>
        ))}
      </div>
    </Dialog>
  );
}
