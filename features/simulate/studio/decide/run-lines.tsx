import { MultiSelect } from "@mantine/core";
import type { ReactNode } from "react";
import { inLanguage, linesOf, useLoad, useWords } from "@doppelwerk/kit/studio";

/** Which lines a run is of, where the branch has several. */
export function RunLines({
  branch,
  line,
  chosen,
  onChange,
}: {
  readonly branch: string;
  /** The one that the address names; absent: the first. */
  readonly line: string | undefined;
  readonly chosen: readonly string[] | undefined;
  readonly onChange: (lines: readonly string[]) => void;
}): ReactNode {
  const { t, language } = useWords();
  const lines = useLoad(linesOf(branch)).value ?? [];
  const [first] = lines;
  if (first === undefined || lines.length < 2) return null;
  return (
    <MultiSelect
      size="sm"
      className="dw-run-lines"
      label={t("simulate.decide.lines")}
      value={[...(chosen ?? [line ?? first.id])]}
      onChange={(value) => value.length > 0 && onChange(value)}
      data={lines.map(({ id, title }) => ({ value: id, label: inLanguage(title, language) }))}
      hidePickedOptions
    />
  );
}

/** Of several chosen lines: what joins them. */
export function SharedBuffers({ branch, chosen }: { readonly branch: string; readonly chosen: readonly string[] }): ReactNode {
  const { t, language } = useWords();
  const lines = (useLoad(linesOf(branch)).value ?? []).filter(({ id }) => chosen.includes(id));
  if (lines.length < 2) return null;
  const ends = lines.flatMap(({ ends: own }) => own ?? []);
  const shared = ends.filter(
    ({ side, buffer: { shell } }) => side === "outlet" && ends.some((other) => other.side === "inlet" && other.buffer.shell === shell),
  );
  const names = [...new Map(shared.map(({ buffer: { shell, title } }) => [shell, inLanguage(title, language)])).values()];
  return (
    <p className="dw-fine" style={{ margin: "4px 0 0" }}>
      {names.length > 0 ? t("simulate.decide.joined", { buffers: names.join(", ") }) : t("simulate.decide.notJoined")}
    </p>
  );
}
