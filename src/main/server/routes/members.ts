import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { IdParams, List, Paging } from '../../../shared/api/common.ts'
import {
  CreateInvite,
  CreateMember,
  Invite,
  Member,
  NewInvite,
  UpdateMember,
} from '../../../shared/api/member.ts'
import type { Deps } from '../deps.ts'
import { pageOf } from '../page-of.ts'

/** `/v1/members`, `/v1/invites`: who can sign in on share pages, and the links by which more of them come. */
export const memberRoutes =
  ({ members, invites }: Pick<Deps, 'members' | 'invites'>): FastifyPluginAsyncTypebox =>
  async (app) => {
    const tags = ['members']
    const querystring = Type.Object(Paging)

    app.get(
      '/members',
      { schema: { summary: 'Lists members', tags, querystring, response: { 200: List(Member) } } },
      async (request) => pageOf(members.list(), request.query),
    )
    app.post(
      '/members',
      {
        schema: {
          summary: 'Adds a member, or with the role owner the owner’s own sign-in for share pages',
          ...{ tags, body: CreateMember, response: { 200: Member } },
        },
      },
      (request) => members.create(request.body),
    )
    app.get(
      '/members/:id',
      { schema: { summary: 'Gets a member', tags, params: IdParams, response: { 200: Member } } },
      async (request) => members.get(request.params.id),
    )
    app.put(
      '/members/:id',
      {
        schema: {
          summary: 'Changes name or password; a new password signs the member out everywhere',
          ...{ tags, params: IdParams, body: UpdateMember, response: { 200: Member } },
        },
      },
      (request) => members.update(request.params.id, request.body),
    )
    app.delete(
      '/members/:id',
      {
        schema: {
          summary: 'Removes a member; sessions and tokens of theirs end at once',
          ...{ tags, params: IdParams },
          response: { 200: Type.Object({ id: Type.String(), object: Type.Literal('member') }) },
        },
      },
      async (request) => {
        members.remove(request.params.id)
        return { id: request.params.id, object: 'member' as const }
      },
    )
    app.post(
      '/members/:id/sign-out',
      {
        schema: {
          summary: 'Ends all sessions of a member',
          ...{ tags, params: IdParams, response: { 200: Member } },
        },
      },
      async (request) => members.signOutEverywhere(request.params.id),
    )

    app.get(
      '/invites',
      { schema: { summary: 'Lists open invites', tags, querystring, response: { 200: List(Invite) } } },
      async (request) => pageOf(invites.list(), request.query),
    )
    app.post(
      '/invites',
      {
        schema: {
          summary:
            'Makes a one-time link by which somebody becomes a member, or a member sets a new password',
          ...{ tags, body: CreateInvite, response: { 200: NewInvite } },
        },
      },
      async (request) => invites.create(request.body),
    )
    app.delete(
      '/invites/:id',
      {
        schema: {
          summary: 'Withdraws an invite',
          ...{ tags, params: IdParams },
          response: { 200: Type.Object({ id: Type.String(), object: Type.Literal('invite') }) },
        },
      },
      async (request) => {
        invites.remove(request.params.id)
        return { id: request.params.id, object: 'invite' as const }
      },
    )
  }
