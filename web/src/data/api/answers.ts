import type { components, paths } from './types'

/** Types of what the API takes and answers, by method and path, as its document has them (types.ts). */

type Method = 'get' | 'post' | 'patch' | 'delete'
type Answered = 200 | 201 | 202 | 204

/** A shape by its name in the document. */
export type Shape<Name extends keyof components['schemas']> = components['schemas'][Name]

/** The paths that a method can be called on. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends { readonly [K in M]: { readonly responses: unknown } } ? P : never
}[keyof paths]

type Json<Response> = Response extends { readonly content: { readonly 'application/json': infer Body } }
  ? Body
  : undefined

/** What is answered to a method on a path; undefined where that is no JSON. */
export type Answer<M extends Method, P extends PathOf<M>> = paths[P] extends {
  readonly [K in M]: { readonly responses: infer Responses }
}
  ? { [Status in keyof Responses]: Status extends Answered ? Json<Responses[Status]> : never }[keyof Responses]
  : never

/** The JSON that a method on a path takes; undefined where it takes none. */
export type Body<M extends Method, P extends PathOf<M>> = paths[P] extends {
  readonly [K in M]: { readonly requestBody?: infer Content }
}
  ? Json<NonNullable<Content>>
  : undefined
