import { Button, NumberInput } from "@mantine/core";
import { IconArrowLeft, IconCheck, IconX } from "@tabler/icons-react";
import { useEffect, useState, type ReactNode } from "react";
import { durationText, inLanguage, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Instruction, TerminalPicture } from "../contract.ts";
import type {} from "../message-codes.ts";
import { isWithin, type InstructionStep } from "../model/instruction-kind.ts";
import type { Terminal } from "./use-terminal.ts";

export interface StepProps {
  readonly station: string;
  readonly picture: TerminalPicture;
  readonly serial: string | undefined;
  readonly terminal: Terminal;
}

/** The steps of what is made here, one at a time; a new part begins with the first. */
export function StepPanel(props: StepProps): ReactNode {
  const { picture, serial } = props;
  const { instruction } = picture;
  if (instruction === undefined) return null;
  return <Steps key={`${instruction.id} ${serial ?? ""}`} {...props} instruction={instruction} />;
}

function Steps({ station, picture, serial, terminal, instruction }: StepProps & { readonly instruction: Instruction }): ReactNode {
  const { t, language } = useWords();
  const [at, setAt] = useState(0);
  const [value, setValue] = useState<number>();
  const { steps } = instruction.fields;
  // an instruction may have become shorter
  const index = Math.min(at, steps.length - 1);
  const step = steps[index]!;
  const order = picture.orders?.find(({ isRunning }) => isRunning) ?? picture.orders?.[0];
  const done = (isOk?: boolean): void => {
    const isKept = terminal.enter({
      kind: "step",
      station,
      instruction: instruction.id,
      step: index,
      product: order?.product ?? "",
      ...(serial !== undefined && { serial }),
      ...(order !== undefined && { order: order.id }),
      ...(isOk !== undefined && { isOk }),
      ...(step.check?.kind === "value" && value !== undefined && { value }),
    });
    if (!isKept) return;
    setValue(undefined);
    setAt((index + 1) % steps.length);
  };
  return (
    <section className="dw-ts-step" aria-label={t("stationTerminal.step", { at: index + 1, of: steps.length })}>
      <StepPicture instruction={instruction} step={step} />
      <div className="dw-ts-line is-quiet">
        <span>
          {t("stationTerminal.step", { at: index + 1, of: steps.length })}
          {step.tool !== undefined && step.tool !== "" && ` · ${step.tool}`}
        </span>
        <span>{step.plannedS !== undefined && durationText(step.plannedS * 1e6, language)}</span>
      </div>
      <h2>{inLanguage(step.title, language)}</h2>
      {step.text !== undefined && <p>{inLanguage(step.text, language)}</p>}
      {step.check?.kind === "value" && <Measured check={step.check} value={value} onChange={setValue} />}
      <div className="dw-ts-acts">
        <Button variant="default" aria-label={t("stationTerminal.stepBack")} disabled={index === 0} onClick={() => setAt(index - 1)}>
          <IconArrowLeft size={22} />
        </Button>
        {step.check?.kind === "yesNo" && (
          <Button variant="default" leftSection={<IconX size={22} />} onClick={() => done(false)}>
            {t("stationTerminal.notOk")}
          </Button>
        )}
        <Button
          leftSection={<IconCheck size={22} />}
          disabled={step.check?.kind === "value" && value === undefined}
          onClick={() => done(step.check?.kind === "yesNo" ? true : undefined)}
        >
          {t(step.check?.kind === "yesNo" ? "stationTerminal.ok" : "stationTerminal.done")}
        </Button>
      </div>
    </section>
  );
}

interface MeasuredProps {
  readonly check: Extract<NonNullable<InstructionStep["check"]>, { readonly kind: "value" }>;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
}

/** A value with its limits; one beyond them is marked, and may be entered: it is what was measured. */
function Measured({ check, value, onChange }: MeasuredProps): ReactNode {
  const { t } = useWords();
  const { low, high, unit } = check;
  const isBeyond = value !== undefined && isWithin(check, { value }) === false;
  return (
    <NumberInput
      size="lg"
      label={t("stationTerminal.measured", { unit })}
      description={low === undefined && high === undefined ? undefined : `${low ?? "–"} … ${high ?? "–"} ${unit}`}
      value={value ?? ""}
      onChange={(next) => onChange(next === "" || !Number.isFinite(Number(next)) ? undefined : Number(next))}
      error={isBeyond ? t("stationTerminal.beyond") : undefined}
    />
  );
}

function StepPicture({ instruction, step }: { readonly instruction: Instruction; readonly step: InstructionStep }): ReactNode {
  const { language } = useWords();
  const { client } = useStudio();
  const { branch } = useScope();
  const hash = step.picture?.hash;
  const [shown, setShown] = useState<{ readonly hash: string; readonly url: string }>();
  useEffect(() => {
    if (hash === undefined) return undefined;
    let url: string | undefined;
    let isGone = false;
    calls
      .stepPicture(client, { params: { instruction: instruction.id, picture: hash }, query: { branch } })
      .then((bytes) => {
        if (isGone) return;
        url = URL.createObjectURL(new Blob([bytes as BlobPart]));
        setShown({ hash, url });
      })
      // without it the text remains
      .catch(() => setShown(undefined));
    return () => {
      isGone = true;
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [client, branch, instruction.id, hash]);
  if (hash === undefined || shown?.hash !== hash) return null;
  return <img className="dw-ts-picture" src={shown.url} alt={inLanguage(step.title, language)} />;
}
