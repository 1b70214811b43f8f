import {
  Button,
  Card,
  Group,
  NumberInput,
  Select,
  TextInput,
  useScope,
  useSignals,
  useStudio,
  useTask,
  useText,
  TaskProblem,
} from "@doppelwerk/kit/studio";
import { useState, type ReactNode } from "react";
import { addBatch } from "./calls.ts";

const isNumber = ({ valueType }: { readonly valueType: string }): boolean => valueType === "double" || valueType === "integer";

/** A form for one more batch. */
export function NewBatch(): ReactNode {
  const text = useText();
  const { client } = useStudio();
  const { branch } = useScope();
  const signals = useSignals(isNumber);
  const task = useTask();
  const [name, setName] = useState("");
  const [litres, setLitres] = useState<string | number>("");
  const [levelSignal, setLevelSignal] = useState<string | null>(null);
  const add = async (): Promise<void> => {
    await addBatch(client, { query: { branch }, body: { name, litres, ...(levelSignal !== null && { levelSignal }) } });
    setName("");
  };
  return (
    <Card title={text("brewery.add.title")}>
      <Group align="end">
        <TextInput label={text("brewery.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <NumberInput label={text("brewery.litres")} value={litres} onChange={setLitres} min={1} />
        <Select
          label={text("brewery.level")}
          data={signals.map((signal) => ({ value: signal.id, label: signal.name }))}
          value={levelSignal}
          onChange={setLevelSignal}
          searchable
          clearable
        />
        <Button loading={task.busy} disabled={name === "" || typeof litres !== "number"} onClick={() => task.run(add)}>
          {text("brewery.add.action")}
        </Button>
      </Group>
      <TaskProblem task={task} />
    </Card>
  );
}
