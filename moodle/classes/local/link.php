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

namespace ltiservice_completion\local;

defined('MOODLE_INTERNAL') || die();

global $CFG;
require_once($CFG->libdir . '/completionlib.php');
require_once($CFG->dirroot . '/mod/lti/locallib.php');

/**
 * One activity of an external tool, and the completions of it.
 *
 * @package    ltiservice_completion
 * @copyright  2026 The Proeftuin contributors
 * @license    http://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class link {
    /** @var \stdClass the course. */
    private $course;

    /** @var \cm_info the activity. */
    private $cm;

    /**
     * The link.
     *
     * @param \stdClass $course the course.
     * @param \cm_info $cm the activity.
     */
    private function __construct(\stdClass $course, \cm_info $cm) {
        $this->course = $course;
        $this->cm = $cm;
    }

    /**
     * Find the activity behind an address, if it is the tool's to report on.
     *
     * @param string $id from the address.
     * @param int $typeid the tool that the access token belongs to.
     * @return self
     * @throws refusal 404: gone, or about to be; 403: another tool's.
     */
    public static function find(string $id, int $typeid): self {
        global $DB;
        $lti = ctype_digit($id) && strlen($id) < 19 ? $DB->get_record('lti', ['id' => $id]) : false;
        if (!$lti) {
            throw new refusal(404, 'There is no such activity any more.');
        }
        $type = self::type_of($lti);
        if (!$type || (int) $type->id !== $typeid) {
            throw new refusal(403, 'This activity belongs to another tool.');
        }
        $cm = get_coursemodule_from_instance('lti', $lti->id, $lti->course);
        if (!$cm || $cm->deletioninprogress) {
            throw new refusal(404, 'There is no such activity any more.');
        }
        return new self(get_course($lti->course), \cm_info::create($cm));
    }

    /**
     * The tool that an activity opens: the one it names, or the one that its address matches.
     *
     * @param object $lti the activity.
     * @return object|null
     */
    public static function type_of(object $lti): ?object {
        if (!empty($lti->typeid)) {
            return lti_get_type($lti->typeid) ?: null;
        }
        return lti_get_tool_by_url_match($lti->toolurl, $lti->course)
            ?: (lti_get_tool_by_url_match($lti->securetoolurl ?? '', $lti->course) ?: null);
    }

    /**
     * Whether an activity has a grade in Moodle.
     *
     * @param object $lti the activity.
     * @return bool
     */
    public static function has_grade(object $lti): bool {
        return (int) ($lti->instructorchoiceacceptgrades ?? 0) === LTI_SETTING_ALWAYS;
    }

    /**
     * Let an activity complete by the tool alone.
     *
     * Automatic completion needs a condition, and Moodle knows two for an external tool: to view
     * it, which opening does, and to receive a grade. This is the second, on an activity without
     * a grade, so that nothing in Moodle ever meets it.
     *
     * @param int $cmid the course module.
     */
    public static function set_up_completion(int $cmid): void {
        global $DB;
        $DB->update_record('course_modules', (object) [
            'id' => $cmid,
            'completion' => COMPLETION_TRACKING_AUTOMATIC,
            'completionview' => COMPLETION_VIEW_NOT_REQUIRED,
            'completiongradeitemnumber' => 0,
        ]);
    }

    /**
     * How the activity completes, with the switches of the site and the course counted in.
     *
     * @return string automatic, manual or none.
     */
    public function tracking(): string {
        switch ($this->completions()->is_enabled($this->cm)) {
            case COMPLETION_TRACKING_AUTOMATIC:
                return 'automatic';
            case COMPLETION_TRACKING_MANUAL:
                return 'manual';
            default:
                return 'none';
        }
    }

    /**
     * Record that a person completed the activity. Doing so again changes nothing.
     *
     * @param string $sub the person, as launches name them.
     * @param int $when the moment of completing; one in the future counts as now.
     * @return bool whether Moodle now shows the activity as completed.
     * @throws refusal 403: not a person whose completion counts here.
     */
    public function complete(string $sub, int $when): bool {
        $userid = $this->participant($sub);
        if ($this->tracking() === 'none') {
            return false;
        }
        // Two reports of one completion that arrive together must write it once.
        $locks = \core\lock\lock_config::get_lock_factory('ltiservice_completion');
        $lock = $locks->get_lock("{$this->cm->id}-{$userid}", 10);
        if (!$lock) {
            throw new refusal(503, 'This completion is being written already. Try again later.');
        }
        try {
            return $this->write($userid, min($when, time()));
        } finally {
            $lock->release();
        }
    }

    /**
     * Write the completion, if there is none.
     *
     * completion_info::update_state() asks whether the person signed in may override, and nobody
     * is signed in here. internal_set_data() is what it calls after asking: it writes, clears the
     * cache, weighs the course's criteria and triggers the event.
     *
     * @param int $userid the person.
     * @param int $when the moment of completing.
     * @return bool whether Moodle now shows the activity as completed.
     */
    private function write(int $userid, int $when): bool {
        $completions = $this->completions();
        $data = $completions->get_data($this->cm, false, $userid);
        if ((int) $data->completionstate === COMPLETION_INCOMPLETE) {
            $data->completionstate = COMPLETION_COMPLETE;
            $data->timemodified = $when;
            // Moodle keeps an automatic completion through recalculations, and shows its
            // conditions as met, when a person is named who set it. This person did.
            $automatic = $this->tracking() === 'automatic';
            $data->overrideby = $automatic ? $userid : null;
            $completions->internal_set_data($this->cm, $data);
        }
        // A failing grade is Moodle's own verdict; it is left as it is, and shows no tick.
        return in_array((int) $data->completionstate, [COMPLETION_COMPLETE, COMPLETION_COMPLETE_PASS]);
    }

    /**
     * The person, if they take part in the course and may see the activity.
     *
     * @param string $sub the person, as launches name them.
     * @return int
     * @throws refusal 403.
     */
    private function participant(string $sub): int {
        $user = ctype_digit($sub) && strlen($sub) < 19 ? \core_user::get_user((int) $sub) : false;
        if (!$user || $user->deleted || $user->suspended || isguestuser($user)) {
            throw new refusal(403, 'There is no such person who could complete this.');
        }
        if (!is_enrolled(\context_course::instance($this->course->id), $user, '', true)) {
            throw new refusal(403, 'This person has no active enrolment in the course.');
        }
        if (
            !can_access_course($this->course, $user, '', true)
            || !get_fast_modinfo($this->course, $user->id)->get_cm($this->cm->id)->uservisible
        ) {
            throw new refusal(403, 'This person may not see the activity.');
        }
        return $user->id;
    }

    /**
     * Moodle's completions of the course.
     *
     * @return \completion_info
     */
    private function completions(): \completion_info {
        return new \completion_info($this->course);
    }
}
