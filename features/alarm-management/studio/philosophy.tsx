import { Button, NativeSelect, NumberInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  answerOf,
  Card,
  durationText,
  Failure,
  inLanguage,
  NotReadAgain,
  SECOND,
  useLoad,
  useProposedEdit,
  useStore,
  useStudio,
  useWords,
  Waiting,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Philosophy as KnownPhilosophy } from "../contract.ts";
import { PhilosophyFields, type Priority } from "../model/philosophy-kind.ts";
import { PositionFields, TitledList } from "./titled-list.tsx";

/** What a plant decides once for all its alarms. */
export function Philosophy(): ReactNode {
  const studio = useStudio();
  const { branch } = useStore(studio.address.store);
  const loaded = useLoad(answerOf(calls.philosophy, { query: { branch } }, { kinds: ["alarmPhilosophy"] }));
  if (loaded.value === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  return (
    <>
      <NotReadAgain loaded={loaded} />
      <PhilosophyForm key={JSON.stringify(loaded.value)} known={loaded.value} onStored={loaded.reload} />
    </>
  );
}

interface PartProps {
  readonly fields: PhilosophyFields;
  readonly onChange: (change: Partial<PhilosophyFields>) => void;
}

function PhilosophyForm({ known, onStored }: { readonly known: KnownPhilosophy; readonly onStored: () => void }): ReactNode {
  const { t } = useWords();
  const { client } = useStudio();
  const [fields, setFields] = useState<PhilosophyFields>(known.fields);
  const { busy, isLive, edit } = useProposedEdit(t("alarmManagement.failed"), onStored);
  const parsed = PhilosophyFields.safeParse(fields);
  const isChanged = JSON.stringify(fields) !== JSON.stringify(known.fields);
  const part: PartProps = { fields, onChange: (change) => setFields((held) => ({ ...held, ...change })) };
  const store = (): void =>
    edit(t("alarmManagement.philosophyBranch"), (branch) =>
      calls.storePhilosophy(client, { query: { branch }, body: { fields: parsed.data!, expected: known.fields } }),
    );
  return (
    <form
      className="dw-management-scroll"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (parsed.success) store();
      }}
    >
      <Matrix {...part} />
      <div className="dw-management-cards">
        <Card title={t("alarmManagement.positions")} note={t("alarmManagement.positionsNote")}>
          <PositionFields positions={fields.positions} onChange={(positions) => part.onChange({ positions })} />
        </Card>
        <Card title={t("alarmManagement.classes")} note={t("alarmManagement.classesNote")}>
          <TitledList
            list={fields.classes}
            word="class"
            add={t("alarmManagement.addClass")}
            onChange={(classes) => part.onChange({ classes })}
            made={(key) => ({ key, title: { en: "", zh: "" } })}
          />
        </Card>
        <Limits {...part} />
      </div>
      <p className="dw-management-standing">
        <small>{t(known.isStored ? "alarmManagement.philosophyStored" : "alarmManagement.philosophyShipped")}</small>
        <span className="dw-grow" />
        <Button type="submit" loading={busy} disabled={!isChanged || !parsed.success}>
          {t(isLive ? "alarmManagement.propose" : "alarmManagement.saveDraft")}
        </Button>
      </p>
    </form>
  );
}

/** Severities × times to respond, each cell a priority. */
function Matrix({ fields, onChange }: PartProps): ReactNode {
  const { t, language } = useWords();
  const { timesS, severities } = fields;
  const upTo = (time: number): string => t("alarmManagement.upTo", { duration: durationText(time * SECOND, language) });
  const heads = [...timesS.map(upTo), t("alarmManagement.beyond")];
  const put = (line: number, column: number, priority: Priority): void =>
    onChange({
      severities: severities.map((each, at) =>
        at === line ? { ...each, priorities: each.priorities.map((own, index) => (index === column ? priority : own)) } : each,
      ),
    });
  return (
    <Card title={t("alarmManagement.matrix")} note={t("alarmManagement.matrixNote")}>
      <div className="dw-matrix-scroll">
        <table className="dw-matrix" aria-label={t("alarmManagement.matrix")}>
          <thead>
            <tr>
              <th scope="col">{t("alarmManagement.severity")}</th>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {severities.map(({ key, title, priorities }, line) => (
              <tr key={key}>
                <th scope="row">{inLanguage(title, language)}</th>
                {priorities.map((priority, column) => (
                  <td key={heads[column]} className={`is-priority-${priority}`}>
                    <NativeSelect
                      size="sm"
                      aria-label={t("alarmManagement.cell", { severity: inLanguage(title, language), time: heads[column] ?? "" })}
                      value={String(priority)}
                      data={["1", "2", "3", "4"]}
                      onChange={(event) => put(line, column, Number(event.currentTarget.value) as Priority)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Times {...{ fields, onChange }} />
      <TitledList
        list={severities}
        word="severity"
        least={1}
        most={6}
        add={t("alarmManagement.addSeverity")}
        onChange={(next) => onChange({ severities: next })}
        made={(key) => ({ key, title: { en: "", zh: "" }, priorities: [...timesS, 0].map((): Priority => 3) })}
      />
    </Card>
  );
}

/** The ends of the times to respond; one more or less is a column of the matrix. */
function Times({ fields: { timesS, severities }, onChange }: PartProps): ReactNode {
  const { t } = useWords();
  const resize = (times: readonly number[]): void =>
    onChange({
      timesS: times,
      severities: severities.map((each) => ({
        ...each,
        priorities: [...times, 0].map((_, at) => each.priorities[at] ?? each.priorities.at(-1)!),
      })),
    });
  return (
    <div className="dw-management-row">
      {timesS.map((time, at) => (
        <NumberInput
          key={at}
          label={t("alarmManagement.timeEnd", { number: at + 1 })}
          suffix=" s"
          min={1}
          value={time}
          onChange={(value) => onChange({ timesS: timesS.map((own, index) => (index === at ? Number(value) || 0 : own)) })}
        />
      ))}
      <Button variant="default" disabled={timesS.length >= 5} onClick={() => resize([...timesS, timesS.at(-1)! * 2])}>
        {t("alarmManagement.addTime")}
      </Button>
      <Button variant="subtle" color="gray" disabled={timesS.length <= 1} onClick={() => resize(timesS.slice(0, -1))}>
        {t("alarmManagement.removeTime")}
      </Button>
    </div>
  );
}

function Limits({ fields: { chatter, fleetingS, staleH }, onChange }: PartProps): ReactNode {
  const { t } = useWords();
  return (
    <Card title={t("alarmManagement.limits")} note={t("alarmManagement.limitsNote")}>
      <div className="dw-management-row">
        <NumberInput
          label={t("alarmManagement.chatterCount")}
          suffix={` ${t("alarmManagement.times")}`}
          min={2}
          max={100}
          value={chatter.count}
          onChange={(value) => onChange({ chatter: { ...chatter, count: Number(value) || 0 } })}
        />
        <NumberInput
          label={t("alarmManagement.chatterWithin")}
          suffix=" s"
          min={1}
          max={3_600}
          value={chatter.withinS}
          onChange={(value) => onChange({ chatter: { ...chatter, withinS: Number(value) || 0 } })}
        />
        <NumberInput
          label={t("alarmManagement.fleeting")}
          suffix=" s"
          min={1}
          max={3_600}
          value={fleetingS}
          onChange={(value) => onChange({ fleetingS: Number(value) || 0 })}
        />
        <NumberInput
          label={t("alarmManagement.stale")}
          suffix=" h"
          min={1}
          max={8_760}
          value={staleH}
          onChange={(value) => onChange({ staleH: Number(value) || 0 })}
        />
      </div>
    </Card>
  );
}
