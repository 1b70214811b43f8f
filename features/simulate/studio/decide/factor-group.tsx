import { UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import type { KeyboardEvent, ReactNode } from "react";
import { useWords } from "@doppelwerk/kit/studio";

interface FactorGroupProps {
  readonly title: string;
  readonly count: number;
  /** How many of them the branch changes. */
  readonly changed: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly children: ReactNode;
}

/** A heading with its count that opens and closes what is under it. */
export function FactorGroupSection({ title, count, changed, isOpen, onToggle, children }: FactorGroupProps): ReactNode {
  const { t } = useWords();
  return (
    <section className="dw-factor-group">
      <UnstyledButton className="dw-factor-group-head" aria-expanded={isOpen} onClick={onToggle} onKeyDown={moveAmongHeads}>
        {isOpen ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
        <span className="dw-factor-group-title">{title}</span>
        {changed > 0 && <span className="dw-factor-group-changed">{t("simulate.decide.changedCount", { count: changed })}</span>}
        <span className="dw-quiet-text">{count}</span>
      </UnstyledButton>
      {isOpen && children}
    </section>
  );
}

/** Up and Down go to the heading before or after; Home and End to the first and the last. */
function moveAmongHeads(event: KeyboardEvent<HTMLElement>): void {
  const heads = [...(event.currentTarget.closest(".dw-factors")?.querySelectorAll<HTMLElement>(".dw-factor-group-head") ?? [])];
  const at = heads.indexOf(event.currentTarget);
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: heads.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  heads[to]?.focus();
}
