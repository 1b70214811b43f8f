import { Component } from "react";
import type { ReactNode } from "react";
import { errorCode, errorText } from "../language/error-text.ts";
import { Failure } from "../values/card.tsx";

interface Props {
  /** What failed, in the reader's words. */
  readonly name: string;
  /** A change of it (another view, another subject) tries again. */
  readonly at: string;
  readonly onRetry?: () => void;
  /** What stands in its place, where a failure as large as a view has no room. */
  readonly failed?: (message: string, retry: () => void) => ReactNode;
  readonly children: ReactNode;
}

/** One broken view does not take the studio with it: it says which failed and why, and can be tried again. */
export class ViewFence extends Component<Props, { readonly error: Error | undefined; readonly at: string }> {
  override state = { error: undefined as Error | undefined, at: this.props.at };

  static getDerivedStateFromError(error: unknown): { readonly error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  static getDerivedStateFromProps(
    props: Props,
    state: { readonly at: string },
  ): { readonly error?: undefined; readonly at: string } | null {
    return props.at === state.at ? null : { error: undefined, at: props.at };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    const retry = (): void => {
      this.props.onRetry?.();
      this.setState({ error: undefined });
    };
    const failure = `${this.props.name}: ${errorText(error)}`;
    return this.props.failed === undefined ? (
      <Failure message={failure} code={errorCode(error)} onRetry={retry} />
    ) : (
      this.props.failed(failure, retry)
    );
  }
}
