import { create } from 'zustand'
import { NO_MARKS, type Marks } from '../clip/marks.ts'

/** What is marked in each file, as long as this window is open: looking at another file loses nothing. */
export type MarksState = { byFile: ReadonlyMap<string, Marks> }

/** The marks; only this window knows them until they become a segment. */
export const useMarks = create<MarksState>()(() => ({ byFile: new Map() }))

/** What is marked in a file. */
export const marksOf = ({ byFile }: MarksState, fileId: string): Marks => byFile.get(fileId) ?? NO_MARKS

/** Changes what is marked in a file. */
export function mark(fileId: string, next: (marks: Marks) => Marks): void {
  useMarks.setState((state) => {
    const byFile = new Map(state.byFile)
    const marks = next(marksOf(state, fileId))
    if (marks.startS === null && marks.endS === null) byFile.delete(fileId)
    else byFile.set(fileId, marks)
    return { byFile }
  })
}
