# SPDX-License-Identifier: Apache-2.0
"""Serves a model as a teacher: ``python -m stillhouse.teacher``, for ``stillhouse extract --teacher flight:HOST:PORT``.

A model is a directory of transformers, or any function from token ids to logits, or to hidden states and a head. Rows
are reduced here, beside the model: what crosses the wire is what a student needs of them. The protocol is described in
``docs/reference/teacher-flight.md``.
"""
