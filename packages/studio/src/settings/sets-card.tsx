import { Button, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  FormDialog,
  ListPart,
  LoadedCard,
  RowActions,
  useSentForm,
  useWords,
  type Column,
  type Loading,
  type SentForm,
} from "@doppelwerk/ui";

/** A set of rules, roles or requirements that is kept under a name, and may be disabled. */
interface NamedSet {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
}

/** Undefined for a new one. */
export interface Edited<Set> {
  readonly set: Set | undefined;
  readonly others: readonly Set[];
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

interface SetsCardProps<Set extends NamedSet> {
  readonly title: string;
  readonly note: (sets: readonly Set[]) => string;
  readonly loaded: Loading<readonly Set[]>;
  /** Between the name and the state. */
  readonly columns: readonly Column<Set>[];
  readonly empty: string;
  readonly add: string;
  /** Whether what an editor needs is there. */
  readonly isReady?: boolean;
  readonly remove: (set: Set) => Promise<unknown>;
  readonly editor: (edited: Edited<Set>) => ReactNode;
}

/** Named sets, of which one is added, changed in a dialog, and removed after a question. */
export function SetsCard<Set extends NamedSet>(props: SetsCardProps<Set>): ReactNode {
  const { title, note, loaded, columns, empty, add, isReady = true, remove, editor } = props;
  const { t } = useWords();
  const [edited, setEdited] = useState<Set | "new" | undefined>(undefined);
  const all: readonly Column<Set>[] = [
    { title: t("settings.itemName"), cell: ({ name }) => name },
    ...columns,
    { title: t("settings.accountState"), cell: ({ enabled }) => t(enabled ? "settings.accessOn" : "settings.accessOff") },
    {
      title: "",
      cell: (set) => (
        <RowActions
          onDone={loaded.reload}
          actions={[
            { label: t("settings.accessEdit"), disabled: !isReady, run: () => setEdited(set) },
            {
              label: t("settings.removeAccount"),
              question: { title: t("settings.removeSet"), text: t("settings.removeSet.text", { name: set.name }) },
              run: () => remove(set),
            },
          ]}
        />
      ),
    },
  ];
  return (
    <LoadedCard title={title} note={note} loaded={loaded}>
      {(sets) => (
        <>
          <ListPart caption={title} columns={all} rows={sets} keyOf={({ id }) => id} empty={empty} textOf={({ name }) => name} />
          <p className="dw-list-foot">
            <Button variant="default" disabled={!isReady} onClick={() => setEdited("new")}>
              {add}
            </Button>
          </p>
          {edited !== undefined &&
            isReady &&
            editor({
              set: edited === "new" ? undefined : edited,
              others: sets.filter((set) => edited === "new" || set.id !== edited.id),
              onClose: () => setEdited(undefined),
              onChanged: loaded.reload,
            })}
        </>
      )}
    </LoadedCard>
  );
}

interface SetValues {
  readonly name: string;
  readonly enabled: boolean;
}

interface SetDialogProps<Values extends SetValues, Given> extends Pick<Edited<unknown>, "onClose" | "onChanged"> {
  readonly title: string;
  readonly size: number;
  readonly initial: Values;
  /** What is to be saved; undefined while something that is typed says nothing. */
  readonly givenOf: (values: Values) => Given | undefined;
  /** What would come of it, which is read before it is saved; without it, it is saved at once. */
  readonly check?: (given: Given) => Promise<ReactNode>;
  readonly save: (given: Given) => Promise<unknown>;
  readonly children: (form: SentForm<Values>) => ReactNode;
}

/** Name, fields and whether it is enabled. With a check it is saved once that was read. */
export function SetDialog<Values extends SetValues, Given>(props: SetDialogProps<Values, Given>): ReactNode {
  const { title, size, initial, givenOf, check, save, onClose, onChanged, children } = props;
  const { t } = useWords();
  const [checked, setChecked] = useState<{ readonly of: string; readonly shown: ReactNode } | undefined>(undefined);
  const form = useSentForm<Values>(initial, async (values) => {
    const given = givenOf(values)!;
    if (check !== undefined && checked?.of !== JSON.stringify(given)) {
      setChecked({ of: JSON.stringify(given), shown: await check(given) });
      return;
    }
    await save(given);
    onChanged();
    onClose();
  });
  const given = givenOf(form.values);
  const isChecked = check === undefined || (given !== undefined && checked?.of === JSON.stringify(given));
  return (
    <FormDialog
      form={form as never}
      title={title}
      size={size}
      submit={t(isChecked ? "settings.accessSave" : "settings.accessCheck")}
      isWhole={given !== undefined && form.values.name.trim() !== ""}
      onClose={onClose}
    >
      <TextInput label={t("settings.itemName")} maxLength={200} {...form.field("name")} />
      {children(form)}
      <Switch label={t("settings.accessEnabled")} {...form.field("enabled", { type: "checkbox" })} />
      {isChecked && checked?.shown}
    </FormDialog>
  );
}
