import { Button, Popover, TextInput, UnstyledButton } from "@mantine/core";
import { IconChevronUp } from "@tabler/icons-react";
import { useState } from "react";
import type { FormEvent, ReactNode } from "react";
import { momentText, useStudio, useWords } from "@doppelwerk/ui";
import type { RailAction } from "@doppelwerk/ui";
import type { Instant } from "@doppelwerk/world";
import { SPANS, spanWords } from "./rail-view.ts";
import { typedInstant } from "./typed-instant.ts";

interface Asking {
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
}

/** How much of the past the Rail shows, other spans, and an instant that is typed. */
export function RailSpan({
  act,
  span,
  isOpen,
  onOpen,
}: { readonly act: (action: RailAction) => void; readonly span: Instant } & Asking): ReactNode {
  const { t } = useWords();
  const textOf = (of: Instant): string => t(`rail.span.${spanWords(of).unit}`, { value: spanWords(of).value });
  return (
    <Popover position="top-start" shadow="md" trapFocus returnFocus withinPortal opened={isOpen} onChange={onOpen}>
      <Popover.Target>
        <UnstyledButton
          className="dw-rail-span"
          aria-label={t("rail.spanIs", { span: textOf(span) })}
          title="J"
          onClick={() => onOpen(!isOpen)}
        >
          <span>{textOf(span)}</span>
          <IconChevronUp size={12} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className="dw-rail-choose" aria-label={t("rail.spanTitle")}>
        <div className="dw-rail-spans" role="group" aria-label={t("rail.spanTitle")}>
          {SPANS.map((each) => (
            <Button
              key={each}
              size="compact-sm"
              variant={isNear(each, span) ? "filled" : "default"}
              aria-pressed={isNear(each, span)}
              onClick={() => act({ kind: "span", span: each })}
            >
              {textOf(each)}
            </Button>
          ))}
        </div>
        <GoTo
          onGo={(instant) => {
            onOpen(false);
            act({ kind: "instant", instant });
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

const isNear = (a: Instant, b: Instant): boolean => Math.abs(a - b) < a * 0.02;

function GoTo({ onGo }: { readonly onGo: (instant: Instant) => void }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const [text, setText] = useState("");
  const [fault, setFault] = useState<string | undefined>(undefined);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const now = studio.now();
    const instant = typedInstant(text, now, zone);
    const first = studio.world.get()?.historyFrom;
    if (instant === undefined) setFault(t("rail.goToUnread"));
    else if (instant > now) setFault(t("rail.goToAhead"));
    else if (first !== undefined && instant < first) setFault(t("rail.goToEarlier", { moment: momentText(first, zone, language, false) }));
    else onGo(instant);
  };
  return (
    <form className="dw-rail-goto" onSubmit={submit}>
      <TextInput
        data-autofocus
        label={t("rail.goTo")}
        description={t("rail.goToForms")}
        error={fault}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setFault(undefined);
        }}
      />
      <Button type="submit" size="compact-md" disabled={text.trim() === ""}>
        {t("rail.go")}
      </Button>
    </form>
  );
}
