import {
  Button,
  Card,
  Group,
  NumberInput,
  Select,
  fixedText,
  percentText,
  useScope,
  useStudio,
  useTask,
  useText,
  TaskProblem,
} from "@doppelwerk/kit/studio";
import { useState, type ReactNode } from "react";
import { whatIf, type WhatIfAnswer } from "./calls.ts";

/** The lots as they are assigned, with and without one more machine or dissolver. */
export function WhatIf({ machines }: { readonly machines: readonly string[] }): ReactNode {
  const text = useText();
  const { client } = useStudio();
  const { branch } = useScope();
  const task = useTask();
  const [like, setLike] = useState<string | null>(machines[0] ?? null);
  const [dissolvers, setDissolvers] = useState(1);
  const [answer, setAnswer] = useState<WhatIfAnswer | undefined>(undefined);
  const run = (): void =>
    task.run(async () => {
      const body = { ...(like !== null && { moreLike: like }), dissolvers };
      setAnswer(await whatIf(client, { query: { branch }, body }));
    });
  return (
    <Card title={text("dyeHouse.whatIf.title")} note={text("dyeHouse.whatIf.note")}>
      <Group align="end">
        <Select label={text("dyeHouse.whatIf.moreLike")} data={[...machines]} value={like} onChange={setLike} clearable />
        <NumberInput
          label={text("dyeHouse.whatIf.dissolvers")}
          min={1}
          max={10}
          value={dissolvers}
          onChange={(value) => setDissolvers(Number(value) || 1)}
        />
        <Button loading={task.busy} onClick={run}>
          {text("dyeHouse.whatIf.run")}
        </Button>
      </Group>
      <TaskProblem task={task} />
      {answer !== undefined && <Comparison answer={answer} />}
    </Card>
  );
}

function Comparison({ answer: { asIs, changed, lots, offShade } }: { readonly answer: WhatIfAnswer }): ReactNode {
  const text = useText();
  const hours = (value: number): string => `${fixedText(value, 1)} h`;
  const rows = [
    ["makespan", asIs.makespanH.mean, changed.makespanH.mean, hours],
    ["waitMachine", asIs.waitsH.machine, changed.waitsH.machine, hours],
    ["waitKitchen", asIs.waitsH.kitchen, changed.waitsH.kitchen, hours],
    ["waitRange", asIs.waitsH.range, changed.waitsH.range, hours],
    ["occupied", asIs.occupied, changed.occupied, (value: number) => percentText(value)],
  ] as const;
  return (
    <>
      <table className="dw-table dye-house-compared">
        <thead>
          <tr>
            <th />
            <th>{text("dyeHouse.whatIf.asIs")}</th>
            <th>{text("dyeHouse.whatIf.changed")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, before, after, shown]) => (
            <tr key={name}>
              <th scope="row">{text(`dyeHouse.whatIf.${name}`)}</th>
              <td>{shown(before)}</td>
              <td>{shown(after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="dw-quiet">{text("dyeHouse.whatIf.terms", { lots, offShade: percentText(offShade, 0) })}</p>
      {changed.left.length > 0 && <p className="dw-note is-trouble">{text("dyeHouse.whatIf.left", { lots: changed.left.join(", ") })}</p>}
    </>
  );
}
