// The child's end of a process group: answers the questions that the parent asks over IPC.
//
// Invariant: every question gets one answer, a result or an error; a child whose parent is gone ends itself. Ctrl-C is the parent's business.

/** What a child says. Without `error` it did what it was asked. */
export interface Answer {
  readonly question: string;
  readonly result?: unknown;
  readonly error?: string;
}

/** Ends every child: it answers, then exits. */
export const stopQuestion = 'stop';

/** Asynchronous or not; the argument is what the parent sent along. */
export type Answers = { readonly [question: string]: (about: never) => unknown };

/** Answers from now on. `answers.stop`, where there is one, runs before the process exits. */
export function answerParent(answers: Answers): void {
  process.on('disconnect', () => process.exit(0));
  process.on('SIGINT', () => {});
  process.on('message', (message) => {
    const { question, about } = message as { question: string; about: never };
    void answer(answers, question, about);
  });
}

async function answer(answers: Answers, question: string, about: never): Promise<void> {
  const last = question === stopQuestion ? (): never => process.exit(0) : () => {};
  try {
    if (!answers[question] && question !== stopQuestion) throw new Error(`nobody answers '${question}' here`);
    const result = await answers[question]?.(about);
    process.send?.({ question, result } satisfies Answer, last);
  } catch (error) {
    process.send?.({ question, error: error instanceof Error ? error.message : String(error) } satisfies Answer, last);
  }
}
