import { Button } from "@mantine/core";
import { useForm, type UseFormReturnType } from "@mantine/form";
import type { ReactNode } from "react";
import { useWords } from "../session/context.tsx";
import type { FaultPlaces } from "../language/form-faults.ts";
import { useFormTask } from "../session/use-form-task.ts";
import type { Task } from "../session/use-task.ts";
import { Dialog } from "../values/dialog.tsx";
import { Problem } from "../values/problem.tsx";
import "./cards.css";

/** The fields of a form, and how it is sent. */
export interface SentForm<Values extends object> {
  readonly values: Values;
  /** Props of the input of a field, with the fault that the server named there. */
  readonly field: UseFormReturnType<Values>["getInputProps"];
  readonly set: (change: Partial<Values>) => void;
  readonly reset: () => void;
  readonly isChanged: boolean;
  readonly task: Task;
  readonly send: () => void;
}

/** `send` gets what was typed. What the server refuses stands at the field that it names, else below the form. */
export function useSentForm<Values extends object>(
  initial: Values,
  send: (values: Values) => Promise<unknown>,
  places?: FaultPlaces,
): SentForm<Values> {
  const form = useForm<Values>({ initialValues: initial });
  const task = useFormTask(form as never, places);
  return {
    values: form.values,
    field: form.getInputProps,
    set: (change) => form.setValues(change as never),
    reset: () => form.setValues(initial as never),
    isChanged: form.isDirty(),
    task,
    send: () => task.run(() => send(form.values)),
  };
}

interface FormProps {
  readonly form: Pick<SentForm<object>, "send" | "task">;
  /** Word of its button. */
  readonly submit: string;
  /** Whether what is needed was typed. */
  readonly isWhole?: boolean;
  /** `row`: few fields with the button behind them; `grid`: many, side by side where there is room; `column`: below one another. */
  readonly layout?: "row" | "grid" | "column";
  /** Further buttons, behind that which sends. */
  readonly buttons?: ReactNode;
  readonly children: ReactNode;
}

/** A form on a card. */
export function Form({ form, submit, isWhole = true, layout = "row", buttons, children }: FormProps): ReactNode {
  return (
    <FormBody form={form} className={`dw-sent-form is-${layout}`} isWhole={isWhole} fields={children}>
      <span className="dw-sent-buttons">
        <Button type="submit" variant={layout === "row" ? "default" : "filled"} loading={form.task.busy} disabled={!isWhole}>
          {submit}
        </Button>
        {buttons}
      </span>
    </FormBody>
  );
}

interface FormDialogProps extends Omit<FormProps, "layout"> {
  readonly title: string;
  readonly size?: number;
  /** It removes something for good. */
  readonly isRemoval?: boolean;
  readonly onClose: () => void;
}

/** A form in a dialog of its own. */
export function FormDialog({
  form,
  submit,
  isWhole = true,
  buttons,
  title,
  size = 480,
  isRemoval = false,
  onClose,
  children,
}: FormDialogProps): ReactNode {
  const { t } = useWords();
  return (
    <Dialog opened onClose={onClose} title={title} centered size={size}>
      <FormBody form={form} className="dw-sent-form is-column" isWhole={isWhole} fields={children}>
        <div className="dw-dialog-foot">
          {buttons}
          <Button variant="default" onClick={onClose} {...(isRemoval && { "data-autofocus": true })}>
            {t("frame.cancel")}
          </Button>
          <Button type="submit" loading={form.task.busy} disabled={!isWhole} {...(isRemoval && { color: "red" })}>
            {submit}
          </Button>
        </div>
      </FormBody>
    </Dialog>
  );
}

interface FormBodyProps {
  readonly form: Pick<SentForm<object>, "send" | "task">;
  readonly className: string;
  readonly isWhole: boolean;
  readonly fields: ReactNode;
  readonly children: ReactNode;
}

function FormBody({ form, className, isWhole, fields, children }: FormBodyProps): ReactNode {
  const { failure, code } = form.task;
  return (
    <form
      className={className}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        // a form in a dialog is, for React, within that of its card
        event.stopPropagation();
        if (isWhole) form.send();
      }}
    >
      {fields}
      {failure !== undefined && <Problem text={failure} code={code} />}
      {children}
    </form>
  );
}
