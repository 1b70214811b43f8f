import { Button, MultiSelect, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { inLanguage, usePlaceNames, useWords } from "@doppelwerk/kit/studio";
import type { PhilosophyFields } from "../model/philosophy-kind.ts";

interface Titled {
  readonly key: string;
  readonly title: { readonly en: string; readonly zh: string };
}

/** Things with a name in both languages. */
export function TitledList<Each extends Titled>({
  list,
  word,
  add,
  least = 0,
  most = 20,
  onChange,
  made,
  more,
}: {
  readonly list: readonly Each[];
  /** What keys of new ones begin with. */
  readonly word: string;
  readonly add: string;
  readonly least?: number;
  readonly most?: number;
  readonly onChange: (list: readonly Each[]) => void;
  readonly made: (key: string) => Each;
  /** Further fields of one. */
  readonly more?: (each: Each, put: (change: Partial<Each>) => void) => ReactNode;
}): ReactNode {
  const { t, language } = useWords();
  return (
    <div className="dw-titled-list">
      {list.map((each, at) => {
        const put = (change: Partial<Each>): void => onChange(list.map((own, index) => (index === at ? { ...own, ...change } : own)));
        const name = (of: "en" | "zh", label: string): ReactNode => (
          <TextInput
            size="sm"
            label={label}
            maxLength={100}
            value={each.title[of]}
            onChange={(event) => put({ title: { ...each.title, [of]: event.currentTarget.value } } as Partial<Each>)}
          />
        );
        return (
          <div key={each.key} className="dw-management-row">
            {name("en", t("alarmManagement.nameEn"))}
            {name("zh", t("alarmManagement.nameZh"))}
            {more?.(each, put)}
            <Button
              variant="subtle"
              color="gray"
              disabled={list.length <= least}
              onClick={() => onChange(list.filter((_, index) => index !== at))}
            >
              {t("alarmManagement.removeOf", { name: inLanguage(each.title, language) })}
            </Button>
          </div>
        );
      })}
      <Button variant="default" size="sm" disabled={list.length >= most} onClick={() => onChange([...list, made(freeKey(list, word))])}>
        {add}
      </Button>
    </div>
  );
}

function freeKey(list: readonly Titled[], word: string): string {
  const taken = new Set(list.map(({ key }) => key));
  for (let number = list.length + 1; ; number++) if (!taken.has(`${word}${number}`)) return `${word}${number}`;
}

type Position = PhilosophyFields["positions"][number];

/** Operator positions with the places whose alarms they answer. */
export function PositionFields({
  positions,
  onChange,
}: {
  readonly positions: readonly Position[];
  readonly onChange: (positions: readonly Position[]) => void;
}): ReactNode {
  const { t } = useWords();
  const places = usePlaceNames();
  const data = places.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <TitledList
      list={positions}
      word="position"
      most={50}
      add={t("alarmManagement.addPosition")}
      onChange={onChange}
      made={(key): Position => ({ key, title: { en: "", zh: "" }, places: [] })}
      more={(each, put) => (
        <MultiSelect
          size="sm"
          label={t("alarmManagement.places")}
          searchable
          data={data}
          value={[...each.places]}
          onChange={(chosen) => put({ places: chosen })}
        />
      )}
    />
  );
}
