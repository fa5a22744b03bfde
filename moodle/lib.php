<?php
// This file is part of Moodle - http://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <http://www.gnu.org/licenses/>.

/**
 * What this plugin adds to the form of an activity.
 *
 * @package    ltiservice_completion
 * @copyright  2026 The Proeftuin contributors
 * @license    http://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

use ltiservice_completion\local\link;
use ltiservice_completion\local\service\completion;

/**
 * Show the completion that only the tool can tick as a condition of its own.
 *
 * Moodle's own form calls it Receive a grade, and hides that while the activity has no grade, so
 * that saving the form would ask for a condition that nobody can see. The element has the name of
 * the field that it fills, which the form's own checks know.
 *
 * @param moodleform_mod $formwrapper the form.
 * @param MoodleQuickForm $mform its elements.
 */
function ltiservice_completion_coursemodule_definition_after_data($formwrapper, $mform): void {
    global $CFG, $DB;
    $current = $formwrapper->get_current();
    if (($current->modulename ?? '') !== 'lti' || !$mform->elementExists('completionusegrade')) {
        return;
    }
    require_once($CFG->dirroot . '/mod/lti/locallib.php');
    $lti = empty($current->instance) ? null : $DB->get_record('lti', ['id' => $current->instance]);
    $type = $lti ? link::type_of($lti) : lti_get_type(optional_param('typeid', 0, PARAM_INT));
    if (!$type || !completion::asked_for_by($type->id)) {
        return;
    }
    if ($lti && (int) $lti->instructorchoiceacceptgrades === LTI_SETTING_ALWAYS) {
        return; // It has a grade, and so Moodle's own words for it.
    }
    while ($mform->elementExists('completionpassgrade')) {
        $mform->removeElement('completionpassgrade');
    }
    $mform->insertElementBefore(
        $mform->createElement(
            'advcheckbox',
            'completiongradeitemnumber',
            '',
            get_string('completeintool', 'ltiservice_completion', format_string($type->name)),
            null,
            ['', '0']
        ),
        'completionusegrade'
    );
    $mform->removeElement('completionusegrade');
    $mform->hideIf('completiongradeitemnumber', 'completion', 'ne', COMPLETION_TRACKING_AUTOMATIC);
}
