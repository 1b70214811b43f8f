import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { MINUTE } from "@doppelwerk/world";
import { durationText, momentText, Problem, useWords } from "@doppelwerk/kit/studio";
import type { ConditionReport } from "../../contract.ts";
import { PLANT_ACTS, type PlantAct, type PlantCall } from "./use-plant-call.ts";

const MINUTES = [15, 60, 480] as const;
const USUAL = 60;

interface Form {
  readonly call: PlantCall;
  /** The earlier state that is answered; undefined: the newest. */
  readonly answered: ConditionReport | undefined;
  onClose(): void;
}

/** Which act, with which text; then the request is confirmed, and its end is shown. */
export function PlantCallForm({ call, answered, onClose }: Form): ReactNode {
  const { t } = useWords();
  const [act, setAct] = useState<PlantAct>("acknowledge");
  const [text, setText] = useState("");
  const [minutes, setMinutes] = useState<number>(USUAL);
  const { command, failure, busy } = call;
  const isEnded = command !== undefined && command.state !== "requested";
  return (
    <form
      className="dw-form"
      onSubmit={(event) => {
        event.preventDefault();
        call.ask({ act, text, shelvedS: minutes * 60, eventId: answered?.eventId });
      }}
    >
      {command === undefined && <Wanted {...{ act, setAct, text, setText, minutes, setMinutes, answered }} />}
      {command?.state === "requested" && <p className="dw-note">{t("alarms.plant.confirmText", { act: t(`alarms.plant.act.${act}`) })}</p>}
      {failure !== undefined && <Problem text={failure.message} code={failure.code} />}
      {isEnded && (
        <p className="dw-note" role="status">
          {t(`alarms.plant.ended.${command.state}`)}
          {command.why !== undefined && ` (${command.why})`}
        </p>
      )}
      <div className="dw-dialog-foot">
        <Button variant="default" onClick={isEnded ? call.end : onClose}>
          {t(isEnded ? "alarms.plant.close" : "frame.cancel")}
        </Button>
        {command === undefined && (
          <Button type="submit" loading={busy} disabled={text.trim() === ""}>
            {t("alarms.plant.ask")}
          </Button>
        )}
        {command?.state === "requested" && (
          <Button color="red" loading={busy} onClick={() => call.confirm(command)}>
            {t("alarms.plant.confirm")}
          </Button>
        )}
      </div>
    </form>
  );
}

interface WantedProps {
  readonly act: PlantAct;
  setAct(act: PlantAct): void;
  readonly text: string;
  setText(text: string): void;
  readonly minutes: number;
  setMinutes(minutes: number): void;
  readonly answered: ConditionReport | undefined;
}

function Wanted({ act, setAct, text, setText, minutes, setMinutes, answered }: WantedProps): ReactNode {
  const { t, language, zone } = useWords();
  const isShelving = act === "shelve" || act === "unshelve";
  return (
    <>
      <SegmentedControl
        size="xs"
        fullWidth
        className="dw-plant-acts"
        aria-label={t("alarms.plant.act")}
        value={act}
        onChange={(value) => setAct(PLANT_ACTS.find((each) => each === value) ?? "acknowledge")}
        data={PLANT_ACTS.map((value) => ({ value, label: t(`alarms.plant.act.${value}`) }))}
      />
      {act === "shelve" && (
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={t("alarms.shelvedFor")}
          value={String(minutes)}
          onChange={(value) => setMinutes(Number(value))}
          data={MINUTES.map((each) => ({ value: String(each), label: durationText(each * MINUTE, language) }))}
        />
      )}
      <TextInput
        data-autofocus
        label={t(isShelving ? "alarms.reason" : "alarms.plant.comment")}
        required
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <p className="dw-note">
        {!isShelving &&
          (answered === undefined
            ? t("alarms.plant.newest")
            : t("alarms.plant.answered", { time: momentText(answered.at, zone, language) }))}{" "}
        {t("alarms.plant.text")}
      </p>
    </>
  );
}
